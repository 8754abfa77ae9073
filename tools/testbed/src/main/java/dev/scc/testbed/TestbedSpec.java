package dev.scc.testbed;

import dev.scc.host.Ipv4;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a testbed is to be.
 *
 * @param nodes 1 to what its kind allows
 * @param serverCommands of each server the program and arguments, which run in the testbed's namespace, before the nodes;
 *     none, or one to listen at each of the first addresses of {@link #hosts}
 * @param preparation what is to be there before they start
 */
public record TestbedSpec(int nodes, NodeKind kind, List<List<String>> serverCommands, Preparation preparation) {
    /** Puts files into the testbed's data directory. */
    @FunctionalInterface
    public interface Preparation {
        void run() throws IOException;
    }

    /** One for which nothing has to be prepared. */
    public TestbedSpec(int nodes, NodeKind kind, List<List<String>> serverCommands) {
        this(nodes, kind, serverCommands, () -> {});
    }

    /** The most servers that one testbed has. */
    public static final int MOST_SERVERS = 5;

    public TestbedSpec {
        serverCommands = serverCommands.stream().map(List::copyOf).toList();
        if (serverCommands.size() > MOST_SERVERS) {
            throw new IllegalArgumentException(
                    "a testbed has at most " + MOST_SERVERS + " servers, not " + serverCommands.size());
        }
        if (nodes < 1 || nodes > kind.mostNodes()) {
            throw new IllegalArgumentException(
                    "a testbed of kind " + kind.word() + " has 1 to " + kind.mostNodes() + " nodes, not " + nodes);
        }
    }

    /** Guests with nothing but their exec daemon, and no server. */
    public static TestbedSpec bare(int nodes) {
        return new TestbedSpec(nodes, NodeKind.bareGuests(), List.of());
    }

    /** The host's addresses on the underlay, one for each server, at least one. */
    public List<Ipv4> hosts() {
        return IntStream.range(0, Math.max(1, serverCommands.size()))
                .mapToObj(TestbedNode.HOST::plus)
                .toList();
    }

    /** The nodes, in order of their numbers. */
    public List<TestbedNode> all() {
        return all(nodes);
    }

    static List<TestbedNode> all(int nodes) {
        return IntStream.rangeClosed(1, nodes).mapToObj(TestbedNode::new).toList();
    }
}
