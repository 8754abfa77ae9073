package dev.scc.cluster.view;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.VpcSummary;
import dev.scc.cluster.verify.KeptVerification;
import dev.scc.fabric.verify.Difference;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Slowness;
import dev.scc.fabric.verify.Suspect;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a verification measured.
 *
 * @param suspects in words, what explains the failed pairs and the slow ones
 * @param pattern that was probed, in lower case as on the command line
 * @param at when, as in {@code 2026-05-04T10:20:31Z}
 * @param verdicts the same as {@code suspects}, for programs
 * @param comparison with an earlier one; empty if nobody asked for it
 * @param load what the fabric did under load; empty if none was put on it
 * @param vpc what probes in the VPC showed; empty if an older server has probed nothing there
 */
public record VerifyView(
        ClusterName cluster,
        List<Pair> pairs,
        List<String> suspects,
        long millis,
        String pattern,
        String at,
        List<Suspicion> verdicts,
        Optional<Comparison> comparison,
        Optional<LoadView> load,
        @Later Optional<VpcSummary> vpc)
        implements PoolView {
    public VerifyView {
        pairs = List.copyOf(pairs);
        suspects = List.copyOf(suspects);
        verdicts = List.copyOf(verdicts);
    }

    /** Bandwidths in 10^6 bytes per second; {@code why} is empty if the pair is ok. */
    public record Pair(
            NodeName a, NodeName b, boolean ok, Latency latencyMicros, double writeMBps, double readMBps, String why) {}

    /** Half a SEND/RECV round trip in microseconds. */
    public record Latency(double p50, double p99) {}

    /**
     * What is pointed at.
     *
     * @param failed whether pairs failed; else they passed, but slowly
     */
    public record Suspicion(Suspect.Kind kind, boolean failed, List<NodeName> nodes, String evidence) {
        public Suspicion {
            nodes = List.copyOf(nodes);
        }

        static Suspicion of(Suspect suspect, boolean failed) {
            return new Suspicion(suspect.kind(), failed, suspect.nodes(), suspect.why());
        }
    }

    /**
     * What has changed.
     *
     * @param at when the earlier one ended
     * @param baseline whether it is the cluster's baseline; else it is just the one before
     */
    public record Comparison(String at, boolean baseline, List<Difference> differences) {
        public Comparison {
            differences = List.copyOf(differences);
        }
    }

    public static VerifyView of(KeptVerification one) {
        List<Suspect> failing = one.verdict().suspects();
        List<Suspect> slow = Slowness.of(one.results(), one.thresholds());
        return new VerifyView(
                one.cluster(),
                one.results().stream().map(VerifyView::pair).toList(),
                Stream.concat(failing.stream(), slow.stream())
                        .map(VerificationSummary::words)
                        .toList(),
                one.millis(),
                one.pattern().name().toLowerCase(Locale.ROOT),
                time(one.at()),
                Stream.concat(
                                failing.stream().map(suspect -> Suspicion.of(suspect, true)),
                                slow.stream().map(suspect -> Suspicion.of(suspect, false)))
                        .toList(),
                Optional.empty(),
                one.load().map(load -> LoadView.of(load, one)),
                one.vpc());
    }

    /** The same with what has changed since an earlier one. */
    public static VerifyView of(KeptVerification one, KeptVerification earlier, boolean baseline) {
        List<Difference> differences = Difference.between(earlier.results(), one.results(), one.thresholds());
        return of(one).with(Optional.of(new Comparison(time(earlier.at()), baseline, differences)));
    }

    public VerifyView with(Optional<Comparison> compared) {
        return new VerifyView(cluster, pairs, suspects, millis, pattern, at, verdicts, compared, load, vpc);
    }

    /** Whether every pair and every path in the VPC passed, and every flow of the load was there. */
    public boolean ok() {
        return pairs.stream().allMatch(Pair::ok)
                && vpc.stream().allMatch(VpcSummary::ok)
                && load.stream().flatMap(put -> put.flows().stream()).allMatch(LoadView.FlowRow::ok);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Pair pair(ProbeResult result) {
        return new Pair(
                result.a(),
                result.b(),
                result.ok(),
                new Latency(
                        result.measured().latencyMicrosP50(), result.measured().latencyMicrosP99()),
                result.measured().writeMBps(),
                result.measured().readMBps(),
                result.why());
    }
}
