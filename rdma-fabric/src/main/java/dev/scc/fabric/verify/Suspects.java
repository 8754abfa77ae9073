package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads rows and columns of the matrix of pairs: a bad node fails all along its row, a bad link in one place. No node is suspected
 * for what one other says: it takes pairs with two of them. What nobody has tried tells only of the side that was to try it.
 */
final class Suspects {
    /** Failing with at least this part of its partners, and with at least two of them, makes a node suspect. */
    private static final double MOST = 0.75;

    private Suspects() {}

    static List<Suspect> of(List<ProbeResult> results) {
        List<ProbeResult> open = new ArrayList<>(results);
        TreeSet<NodeName> nodes = new TreeSet<>();
        results.forEach(result -> nodes.addAll(List.of(result.a(), result.b())));
        if (nodes.size() > 2 && results.stream().noneMatch(ProbeResult::ok)) {
            return List.of(new Suspect(
                    Suspect.Kind.FABRIC,
                    List.copyOf(nodes),
                    "none of %d pairs passed, so no node stands out; %s"
                            .formatted(results.size(), example(results.getFirst()))));
        }
        List<Suspect> suspects = new ArrayList<>();
        for (Optional<Row> worst = worst(nodes, open); worst.isPresent(); worst = worst(nodes, open)) {
            Row row = worst.get();
            suspects.add(new Suspect(
                    Suspect.Kind.NODE,
                    List.of(row.node),
                    "fails with %d of %d partners; %s".formatted(row.failed, row.pairs, example(row.first))));
            // What a bad node explains says nothing about its partners.
            open.removeIf(result -> has(result, row.node));
        }
        open.stream()
                .filter(result -> !result.ok())
                .map(result ->
                        new Suspect(Suspect.Kind.LINK, List.of(result.a(), result.b()), "failed: " + result.why()))
                .forEach(suspects::add);
        return suspects;
    }

    private static Optional<Row> worst(Set<NodeName> nodes, List<ProbeResult> open) {
        return nodes.stream()
                .flatMap(node -> row(node, open).stream())
                .filter(row -> row.failed >= 2 && row.share() >= MOST)
                .max(Comparator.comparingDouble(Row::share)
                        .thenComparingInt(Row::failed)
                        .thenComparing(Row::node, Comparator.reverseOrder()));
    }

    private static Optional<Row> row(NodeName node, List<ProbeResult> open) {
        List<ProbeResult> pairs =
                open.stream().filter(result -> tellsOf(result, node)).toList();
        List<ProbeResult> failed = pairs.stream().filter(result -> !result.ok()).toList();
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.of(new Row(node, pairs.size(), failed.size(), failed.getFirst()));
    }

    private static boolean tellsOf(ProbeResult result, NodeName node) {
        return switch (result.outcome()) {
            case ProbeOutcome.Passed _, ProbeOutcome.Failed _ -> has(result, node);
            case ProbeOutcome.NotTried _ -> result.a().equals(node);
        };
    }

    private static boolean has(ProbeResult result, NodeName node) {
        return result.a().equals(node) || result.b().equals(node);
    }

    private static String example(ProbeResult result) {
        return result.a() + " to " + result.b() + ": " + result.why();
    }

    private record Row(NodeName node, int pairs, int failed, ProbeResult first) {
        double share() {
            return (double) failed / pairs;
        }
    }
}
