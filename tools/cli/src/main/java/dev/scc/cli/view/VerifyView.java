package dev.scc.cli.view;

import java.util.List;

/** What a verification measured. {@code suspects} are the nodes or links that explain the failed pairs. */
public record VerifyView(String cluster, List<Pair> pairs, List<String> suspects, long millis) implements View {
    public VerifyView {
        pairs = List.copyOf(pairs);
        suspects = List.copyOf(suspects);
    }

    /** Bandwidths in 10^6 bytes per second; {@code why} is empty if the pair is ok. */
    public record Pair(
            String a, String b, boolean ok, Latency latencyMicros, double writeMBps, double readMBps, String why) {}

    /** Half a SEND/RECV round trip in microseconds. */
    public record Latency(double p50, double p99) {}
}
