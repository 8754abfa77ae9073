package dev.scc.cli.view;

import java.util.List;

/**
 * What a create would do.
 *
 * @param refused why it would not be done; empty if it would
 * @param operations of the one transaction that would assign all nodes
 * @param unsuitable nodes that would not be taken, each with the reason
 */
public record DryRunView(
        String cluster,
        String refused,
        String vpc,
        String segment,
        int operations,
        List<Node> nodes,
        List<String> unsuitable)
        implements View {
    public DryRunView {
        nodes = List.copyOf(nodes);
        unsuitable = List.copyOf(unsuitable);
    }

    /** @param steps that its agent would take */
    public record Node(String name, String vpcIp, String rdmaIp, String rdmaDevice, List<String> steps) {
        public Node {
            steps = List.copyOf(steps);
        }
    }
}
