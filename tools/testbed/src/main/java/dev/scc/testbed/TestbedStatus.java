package dev.scc.testbed;

import java.time.Instant;
import java.util.List;

/** What is there of a testbed. */
public sealed interface TestbedStatus {
    /** Nothing. */
    record Down() implements TestbedStatus {}

    /** An {@code up} or a {@code down} is at work on it now. */
    record Changing() implements TestbedStatus {}

    /**
     * It was brought up.
     *
     * @param kind as in {@link NodeKind#word}
     * @param accelerator {@code kvm}, or {@code tcg} for emulation; empty if the nodes are no guests
     * @param kernel release of the nodes' kernel; empty if they have none
     */
    record Present(
            TestbedName name,
            String kind,
            Instant since,
            String accelerator,
            String kernel,
            Servers servers,
            List<NodeStatus> nodes)
            implements TestbedStatus {
        public Present {
            nodes = List.copyOf(nodes);
        }
    }

    /** An {@code up} was killed on its way, or the machine was started anew; {@code down} removes what is left. */
    record Leftover(String what) implements TestbedStatus {}

    /**
     * A node. {@code answers} tells whether a guest runs commands, or whether the process lives that has the agent of a node
     * without a kernel of its own. What does not run does not answer.
     */
    record NodeStatus(TestbedNode node, boolean running, boolean answers) {}

    /** How many servers a testbed has, and how many of them run. */
    record Servers(int all, int running) {}
}
