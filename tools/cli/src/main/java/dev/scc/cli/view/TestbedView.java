package dev.scc.cli.view;

import java.util.List;

/**
 * The testbed on this machine.
 *
 * @param state {@code up}, {@code down}, {@code changing}, or {@code leftover}: an interrupted one that {@code down} removes
 * @param netns the network namespace that everything of it lives in
 * @param server where its server listens, inside that namespace; empty if it has none
 * @param accelerator {@code kvm}, or {@code tcg} for emulation; empty if it is not up
 * @param kernel of the guests
 * @param phases what bringing it up spent its time on; only in the answer of {@code up}
 */
public record TestbedView(
        String name,
        String kind,
        String state,
        String netns,
        String server,
        String accelerator,
        String kernel,
        List<Node> nodes,
        List<PhaseTime> phases)
        implements View {
    public TestbedView {
        nodes = List.copyOf(nodes);
        phases = List.copyOf(phases);
    }

    /** {@code state} is {@code up}, {@code silent} (it runs but does not answer) or {@code off}. */
    public record Node(String name, String address, String state) {}
}
