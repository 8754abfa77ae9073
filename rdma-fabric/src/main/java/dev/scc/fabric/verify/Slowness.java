package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Which of the pairs that passed are slow beside the others, and what that points at: a link of a node that is slow along its
 * row, or a pair. What is usual is the lower quartile of latencies and the upper one of bandwidths, because in a cluster of
 * three or four a single bad link spoils half of all pairs. Two nodes have nothing to be compared with.
 */
public final class Slowness {
    private static final double MOST = 0.75;

    private Slowness() {}

    /** @return first links, the worst before the others, then pairs in the order of the results */
    public static List<Suspect> of(List<ProbeResult> results, Thresholds thresholds) {
        List<ProbeResult> passed = results.stream().filter(ProbeResult::ok).toList();
        if (passed.size() < 3) {
            return List.of();
        }
        Usual usual = Usual.of(passed);
        List<ProbeResult> open = new ArrayList<>(passed);
        List<Suspect> suspects = new ArrayList<>();
        for (Optional<Row> worst = worst(open, usual, thresholds);
                worst.isPresent();
                worst = worst(open, usual, thresholds)) {
            Row row = worst.get();
            suspects.add(new Suspect(
                    Suspect.Kind.LINK,
                    List.of(row.node),
                    "slow with %d of %d partners; %s to %s: %s"
                            .formatted(
                                    row.slow.size(),
                                    row.pairs,
                                    row.slow.getFirst().a(),
                                    row.slow.getFirst().b(),
                                    usual.against(row.slow.getFirst(), thresholds))));
            open.removeIf(result -> has(result, row.node));
        }
        open.stream()
                .filter(result -> usual.slow(result, thresholds))
                .map(result -> new Suspect(
                        Suspect.Kind.PAIR,
                        List.of(result.a(), result.b()),
                        "slow: " + usual.against(result, thresholds)))
                .forEach(suspects::add);
        return suspects;
    }

    private static Optional<Row> worst(List<ProbeResult> open, Usual usual, Thresholds thresholds) {
        Map<NodeName, Row> rows = new HashMap<>();
        for (ProbeResult result : open) {
            boolean slow = usual.slow(result, thresholds);
            for (NodeName node : List.of(result.a(), result.b())) {
                rows.computeIfAbsent(node, Row::new).add(result, slow);
            }
        }
        return rows.values().stream()
                .filter(row -> row.slow.size() >= 2 && row.share() >= MOST)
                .max(Comparator.comparingDouble(Row::share)
                        .thenComparingInt(row -> row.slow.size())
                        .thenComparing(row -> row.node, Comparator.reverseOrder()));
    }

    private static boolean has(ProbeResult result, NodeName node) {
        return result.a().equals(node) || result.b().equals(node);
    }

    private static final class Row {
        private final NodeName node;
        private final List<ProbeResult> slow = new ArrayList<>();
        private int pairs;

        Row(NodeName node) {
            this.node = node;
        }

        void add(ProbeResult result, boolean isSlow) {
            pairs++;
            if (isSlow) {
                slow.add(result);
            }
        }

        double share() {
            return (double) slow.size() / pairs;
        }
    }

    private record Usual(double latency, double write, double read) {
        static Usual of(List<ProbeResult> passed) {
            return new Usual(
                    quartile(passed, ProbeOutcome.Passed::latencyMicrosP50, 1),
                    quartile(passed, ProbeOutcome.Passed::writeMBps, 3),
                    quartile(passed, ProbeOutcome.Passed::readMBps, 3));
        }

        private static double quartile(
                List<ProbeResult> passed, ToDoubleFunction<ProbeOutcome.Passed> figure, int which) {
            double[] sorted = passed.stream()
                    .mapToDouble(result -> figure.applyAsDouble(result.measured()))
                    .sorted()
                    .toArray();
            int last = sorted.length - 1;
            return which == 1 ? sorted[last / 4] : sorted[last - last / 4];
        }

        boolean slow(ProbeResult result, Thresholds thresholds) {
            ProbeOutcome.Passed measured = result.measured();
            return thresholds.slower(measured.latencyMicrosP50(), latency)
                    || thresholds.less(measured.writeMBps(), write)
                    || thresholds.less(measured.readMBps(), read);
        }

        String against(ProbeResult result, Thresholds thresholds) {
            ProbeOutcome.Passed measured = result.measured();
            List<String> words = new ArrayList<>();
            if (thresholds.slower(measured.latencyMicrosP50(), latency)) {
                words.add(words("latency %.1f us, usual %.1f", measured.latencyMicrosP50(), latency));
            }
            if (thresholds.less(measured.writeMBps(), write)) {
                words.add(words("write %.1f MB/s, usual %.1f", measured.writeMBps(), write));
            }
            if (thresholds.less(measured.readMBps(), read)) {
                words.add(words("read %.1f MB/s, usual %.1f", measured.readMBps(), read));
            }
            return String.join("; ", words);
        }

        private static String words(String format, double measured, double usual) {
            return String.format(Locale.ROOT, format, measured, usual);
        }
    }
}
