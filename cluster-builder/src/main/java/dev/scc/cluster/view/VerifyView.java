package dev.scc.cluster.view;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.List;

/** What a verification measured. {@code suspects} are the nodes or links that explain the failed pairs. */
public record VerifyView(ClusterName cluster, List<Pair> pairs, List<String> suspects, long millis)
        implements PoolView {
    public VerifyView {
        pairs = List.copyOf(pairs);
        suspects = List.copyOf(suspects);
    }

    /** Bandwidths in 10^6 bytes per second; {@code why} is empty if the pair is ok. */
    public record Pair(
            NodeName a, NodeName b, boolean ok, Latency latencyMicros, double writeMBps, double readMBps, String why) {}

    /** Half a SEND/RECV round trip in microseconds. */
    public record Latency(double p50, double p99) {}

    public static VerifyView of(ClusterName cluster, VerificationResult.Judged judged) {
        return new VerifyView(
                cluster,
                judged.verdict().results().stream().map(VerifyView::pair).toList(),
                VerificationSummary.of(judged.verdict()).suspects(),
                judged.millis());
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
