package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads rows and columns of the matrix of pairs: a bad node fails all along its row, a bad link of a node here and there along
 * it, a bad pair in one place. No node is suspected for what one other says: it takes pairs with two of them. What nobody has
 * tried tells only of the side that was to try it.
 */
final class Suspects {
    /** Failing with at least this part of its partners, and with at least two of them, makes a node suspect. */
    private static final double MOST = 0.75;

    /** Failing with at least this part of them, and with at least two, makes its link suspect. */
    private static final double MANY = 0.34;

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
        rows(Suspect.Kind.NODE, MOST, open, suspects);
        rows(Suspect.Kind.LINK, MANY, open, suspects);
        open.stream()
                .filter(result -> !result.ok())
                .map(result -> alone(result, results))
                .forEach(suspects::add);
        return suspects;
    }

    /** Names the worst row again and again, as long as that much of it failed. */
    private static void rows(Suspect.Kind kind, double share, List<ProbeResult> open, List<Suspect> suspects) {
        for (Optional<Row> worst = worst(share, open); worst.isPresent(); worst = worst(share, open)) {
            Row row = worst.get();
            suspects.add(new Suspect(
                    kind,
                    List.of(row.node),
                    "fails with %d of %d partners; %s".formatted(row.failed, row.pairs, example(row.example))));
            // What a bad node explains says nothing about its partners.
            open.removeIf(result -> has(result, row.node));
        }
    }

    private static Optional<Row> worst(double share, List<ProbeResult> open) {
        Map<NodeName, Row> rows = new HashMap<>();
        for (ProbeResult result : open) {
            for (NodeName node : List.of(result.a(), result.b())) {
                if (tellsOf(result, node)) {
                    rows.merge(node, Row.of(node, result), Row::and);
                }
            }
        }
        return rows.values().stream()
                .filter(row -> row.failed >= 2 && row.share() >= share)
                .max(Comparator.comparingDouble(Row::share)
                        .thenComparingInt(Row::failed)
                        .thenComparing(Row::node, Comparator.reverseOrder()));
    }

    /** A failed pair that no row explains: whether it is the pair shows in what its two ends do with others. */
    private static Suspect alone(ProbeResult failed, List<ProbeResult> all) {
        List<NodeName> ends = List.of(failed.a(), failed.b());
        List<NodeName> silent = Stream.of(failed.a(), failed.b())
                .filter(end -> passes(end, all) == 0)
                .toList();
        if (silent.isEmpty()) {
            return new Suspect(
                    Suspect.Kind.PAIR,
                    ends,
                    "failed: %s; %s passes with %d others, %s with %d"
                            .formatted(
                                    failed.why(),
                                    failed.a(),
                                    passes(failed.a(), all),
                                    failed.b(),
                                    passes(failed.b(), all)));
        }
        String who = silent.size() == 2 ? "either of them" : silent.getFirst().value();
        return new Suspect(
                Suspect.Kind.UNCLEAR,
                ends,
                "failed: %s; a bad node cannot be told from a bad pair, because no other pair of %s passed"
                        .formatted(failed.why(), who));
    }

    private static long passes(NodeName node, List<ProbeResult> all) {
        return all.stream().filter(result -> result.ok() && has(result, node)).count();
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

    /** @param example a result of it, a failed one if there is any */
    private record Row(NodeName node, int pairs, int failed, ProbeResult example) {
        static Row of(NodeName node, ProbeResult result) {
            return new Row(node, 1, result.ok() ? 0 : 1, result);
        }

        Row and(Row later) {
            return new Row(node, pairs + later.pairs, failed + later.failed, example.ok() ? later.example : example);
        }

        double share() {
            return (double) failed / pairs;
        }
    }
}
