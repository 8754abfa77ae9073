package dev.scc.testbed;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a testbed is to be.
 *
 * @param nodes 1 to what its kind allows
 * @param serverCommand the program and arguments that run in the testbed's namespace, before the nodes; empty for none
 */
public record TestbedSpec(int nodes, NodeKind kind, List<String> serverCommand) {
    public TestbedSpec {
        serverCommand = List.copyOf(serverCommand);
        if (nodes < 1 || nodes > kind.mostNodes()) {
            throw new IllegalArgumentException(
                    "a testbed of kind " + kind.word() + " has 1 to " + kind.mostNodes() + " nodes, not " + nodes);
        }
    }

    /** Guests with nothing but their exec daemon, and no server. */
    public static TestbedSpec bare(int nodes) {
        return new TestbedSpec(nodes, NodeKind.bareGuests(), List.of());
    }

    /** The nodes, in order of their numbers. */
    public List<TestbedNode> all() {
        return all(nodes);
    }

    static List<TestbedNode> all(int nodes) {
        return IntStream.rangeClosed(1, nodes).mapToObj(TestbedNode::new).toList();
    }
}
