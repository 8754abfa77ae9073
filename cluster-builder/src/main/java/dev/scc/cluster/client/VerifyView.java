package dev.scc.cluster.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.List;

/** A verification as {@code scc verify} gives it. */
public record VerifyView(ClusterName cluster, List<PairView> pairs, List<String> suspects, long millis) {
    public VerifyView {
        pairs = List.copyOf(pairs);
        suspects = List.copyOf(suspects);
    }

    /** One pair; {@code why} is empty if it is ok. Bandwidths are in 10^6 bytes per second. */
    public record PairView(
            NodeName a,
            NodeName b,
            boolean ok,
            Latency latencyMicros,
            double writeMBps,
            double readMBps,
            long sentPackets,
            String why) {}

    /** Half a SEND/RECV round trip, in microseconds. */
    public record Latency(double p50, double p99) {}

    public static VerifyView of(ClusterName cluster, VerificationResult.Judged judged) {
        return new VerifyView(
                cluster,
                judged.verdict().results().stream().map(VerifyView::pair).toList(),
                VerificationSummary.of(judged.verdict()).suspects(),
                judged.millis());
    }

    private static PairView pair(ProbeResult result) {
        return new PairView(
                result.a(),
                result.b(),
                result.ok(),
                new Latency(result.latencyMicrosP50(), result.latencyMicrosP99()),
                result.writeMBps(),
                result.readMBps(),
                result.sentPackets(),
                result.why());
    }
}
