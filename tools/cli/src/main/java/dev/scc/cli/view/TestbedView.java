package dev.scc.cli.view;

import java.util.List;

/**
 * The testbed on this machine.
 *
 * @param server where its server listens, inside the testbed's network namespace
 */
public record TestbedView(
        String name, String kind, String netns, String server, List<Node> nodes, List<PhaseTime> phases)
        implements View {
    public TestbedView {
        nodes = List.copyOf(nodes);
        phases = List.copyOf(phases);
    }

    /** {@code state} is {@code running} or says what became of it. */
    public record Node(String name, String address, long pid, String state) {}
}
