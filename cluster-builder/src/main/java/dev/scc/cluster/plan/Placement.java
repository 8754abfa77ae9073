package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.world.Node;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.verify.Pattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which nodes a cluster gets.
 *
 * @param chosen as many as wanted, in the order of their names; or none
 * @param suitable how many could have been chosen
 * @param unsuitable all others, each with the reason, such as {@code n3 is in cluster demo}
 */
record Placement(List<Node> chosen, int suitable, List<String> unsuitable) {
    private static final int REASONS_SHOWN = 12;

    Placement {
        chosen = List.copyOf(chosen);
        unsuitable = List.copyOf(unsuitable);
    }

    /** For a new cluster. */
    static Placement of(ClusterSpec spec, Collection<Node> nodes) {
        return more(spec, nodes, List.of(), _ -> Optional.empty());
    }

    /**
     * For a cluster that has members already.
     *
     * @param spec asks for as many nodes as are to be added
     * @param present the members that stay
     * @param unwanted why a node that would do otherwise does not do for this cluster
     */
    static Placement more(
            ClusterSpec spec,
            Collection<Node> nodes,
            Collection<Node> present,
            Function<Node, Optional<String>> unwanted) {
        List<Node> suitable = new ArrayList<>();
        List<String> unsuitable = new ArrayList<>();
        for (Node node : nodes.stream().sorted(Comparator.comparing(Node::name)).toList()) {
            obstacle(spec, node)
                    .or(() -> unwanted.apply(node))
                    .ifPresentOrElse(why -> unsuitable.add(node.name() + " " + why), () -> suitable.add(node));
        }
        return new Placement(
                suitable.size() < spec.nodes() ? List.of() : Arrangement.choose(spec, suitable, present),
                suitable.size(),
                unsuitable);
    }

    /** Why not enough nodes were found, naming those that were looked at and why they do not do. */
    String explain(int wanted) {
        String reasons = unsuitable.stream().limit(REASONS_SHOWN).collect(Collectors.joining("; "));
        String more = unsuitable.size() > REASONS_SHOWN ? "; and " + (unsuitable.size() - REASONS_SHOWN) + " more" : "";
        int all = suitable + unsuitable.size();
        return "not enough nodes: " + wanted + " wanted, " + suitable + " of " + all + " suitable"
                + (reasons.isEmpty() ? "" : ": " + reasons + more);
    }

    private static Optional<String> obstacle(ClusterSpec spec, Node node) {
        Optional<String> state = switch (node.state()) {
            case FREE -> Optional.empty();
            case ASSIGNED -> Optional.of("is in cluster " + node.cluster().orElseThrow());
            case CORDONED -> node.outOfService().map(why -> "is " + why);
            case LOST -> Optional.of("is lost: its agent is not connected");
            case DIRTY ->
                Optional.of("is dirty: it has not proved that nothing is left on it"
                        + node.cluster()
                                .map(cluster -> " of cluster " + cluster)
                                .orElse(""));
        };
        return state.or(() -> labels(spec, node)).or(() -> rdma(spec, node));
    }

    private static Optional<String> labels(ClusterSpec spec, Node node) {
        Map<String, String> has = node.record().value().labels();
        return spec.select().entrySet().stream()
                .filter(label -> !label.getValue().equals(has.get(label.getKey())))
                .findFirst()
                .map(label -> "has not the label " + label.getKey() + "=" + label.getValue())
                .or(() -> spec.arrange()
                        .filter(wish -> !has.containsKey(wish.label()))
                        .map(wish -> "has no label " + wish.label() + " to " + wish.how() + " by"));
    }

    private static Optional<String> rdma(ClusterSpec spec, Node node) {
        if (node.inventory().isEmpty()) {
            return node.unread().or(() -> Optional.of("has not reported its inventory yet"));
        }
        if (spec.verify() != Pattern.OFF
                && node.record().value().machine().agent().isEmpty()) {
            return Optional.of("has not said where its agent is");
        }
        Optional<RdmaDevice> device = node.inventory().get().rdmaDevice();
        if (device.isEmpty()) {
            // Without RDMA there is nothing to verify, and whoever asks for no verification gets the VPC alone.
            return spec.verify() == Pattern.OFF
                    ? Optional.empty()
                    : Optional.of(
                            "has no RDMA device on " + node.inventory().get().rdmaNetdev());
        }
        return device.filter(there -> !there.active())
                .map(there -> "has its RDMA device " + there.name() + " in state " + there.portState())
                .or(() -> spec.unchecked() ? Optional.empty() : error(node));
    }

    /** By the doctor's rules, when the node was looked at last. */
    private static Optional<String> error(Node node) {
        return node.inventory().stream()
                .flatMap(inventory -> inventory.findings().stream())
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .findFirst()
                .map(finding -> "does not pass the doctor's rule " + finding.rule() + ": " + finding.evidence()
                        + " (mend it there: " + finding.fix() + "; or take it as it is with --no-preflight)");
    }
}
