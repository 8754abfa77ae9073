package dev.scc.cli.view;

import dev.scc.cluster.PhaseTime;
import java.util.List;

/**
 * The testbed on this machine.
 *
 * @param kind {@code vm}, {@code netns} or {@code sim}; empty if it is not up
 * @param state {@code up}, {@code down}, {@code changing}, or {@code leftover}: an interrupted one that {@code down} removes
 * @param netns the network namespace that its server, and everything but nodes that are namespaces, lives in
 * @param server where its server listens, inside that namespace; empty if it has none
 * @param accelerator {@code kvm}, or {@code tcg} for emulation; empty if it is not up or has no guests
 * @param kernel of the nodes; empty if they have none
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

    /**
     * {@code state} is {@code up}, {@code silent} (a guest runs but does not answer, a namespace is there but its agent is
     * not) or {@code off}.
     */
    public record Node(String name, String address, String state) {}
}
