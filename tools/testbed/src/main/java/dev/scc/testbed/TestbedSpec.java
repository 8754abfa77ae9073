package dev.scc.testbed;

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
 * @param serverCommand the program and arguments that run on the host in the testbed's namespace, before the guests;
 *     empty for none
 */
public record TestbedSpec(
        int nodes, int memoryMiB, Function<TestbedNode, List<String>> agentCommand, List<String> serverCommand) {
    /** The most guests that one testbed has. */
    public static final int MOST_NODES = 16;

    /** Memory of a guest that runs an agent and some MPI ranks, in MiB. */
    public static final int DEFAULT_MEMORY_MIB = 1024;

    private static final int LEAST_MEMORY_MIB = 256;

    public TestbedSpec {
        serverCommand = List.copyOf(serverCommand);
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

    /** The nodes, in order of their numbers. */
    public List<TestbedNode> all() {
        return IntStream.rangeClosed(1, nodes).mapToObj(TestbedNode::new).toList();
    }
}
