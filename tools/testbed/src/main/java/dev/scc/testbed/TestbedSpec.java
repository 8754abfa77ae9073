package dev.scc.testbed;

import dev.scc.host.Ipv4;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a testbed is to be.
 *
 * @param nodes 1 to 16
 * @param memoryMiB of each guest, at least 256
 * @param agentCommand the program and arguments that a guest starts at boot, in the guest's root; empty for none. It is
 *     started once; its exit is logged.
 * @param serverCommands of each server the program and arguments, which run on the host in the testbed's namespace, before
 *     the guests; none, or one to listen at each of the first addresses of {@link #hosts}
 */
public record TestbedSpec(
        int nodes, int memoryMiB, Function<TestbedNode, List<String>> agentCommand, List<List<String>> serverCommands) {
    /** The most guests that one testbed has. */
    public static final int MOST_NODES = 16;

    /** The most servers that one testbed has. */
    public static final int MOST_SERVERS = 5;

    /** Memory of a guest that runs an agent and some MPI ranks, in MiB. */
    public static final int DEFAULT_MEMORY_MIB = 1024;

    private static final int LEAST_MEMORY_MIB = 256;

    public TestbedSpec {
        serverCommands = serverCommands.stream().map(List::copyOf).toList();
        if (serverCommands.size() > MOST_SERVERS) {
            throw new IllegalArgumentException(
                    "a testbed has at most " + MOST_SERVERS + " servers, not " + serverCommands.size());
        }
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("a testbed has 1 to " + MOST_NODES + " nodes, not " + nodes);
        }
        if (memoryMiB < LEAST_MEMORY_MIB) {
            throw new IllegalArgumentException(
                    "a guest needs at least " + LEAST_MEMORY_MIB + " MiB of memory, not " + memoryMiB);
        }
    }

    /** Guests with nothing but their exec daemon, and no server. */
    public static TestbedSpec bare(int nodes) {
        return new TestbedSpec(nodes, DEFAULT_MEMORY_MIB, node -> List.of(), List.of());
    }

    /** The host's addresses on the underlay, one for each server, at least one. */
    public List<Ipv4> hosts() {
        return IntStream.range(0, Math.max(1, serverCommands.size()))
                .mapToObj(TestbedNode.HOST::plus)
                .toList();
    }

    /** The nodes, in order of their numbers. */
    public List<TestbedNode> all() {
        return IntStream.rangeClosed(1, nodes).mapToObj(TestbedNode::new).toList();
    }
}
