package dev.scc.fabric.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What two verifications measured differently of one pair.
 *
 * @param was as the earlier one has it, with its unit
 * @param now as the later one has it
 */
public record Difference(NodeName a, NodeName b, Figure figure, boolean worse, String was, String now) {
    /** What differs. */
    public enum Figure {
        @JsonProperty("result")
        RESULT,
        @JsonProperty("latency")
        LATENCY,
        @JsonProperty("write")
        WRITE,
        @JsonProperty("read")
        READ
    }

    /**
     * All differences of pairs that both have probed, in the order of the later one. Which side of a pair was the active one does
     * not matter.
     */
    public static List<Difference> between(List<ProbeResult> was, List<ProbeResult> now, Thresholds thresholds) {
        Map<Set<NodeName>, ProbeResult> before = new HashMap<>();
        was.forEach(result -> before.put(Set.of(result.a(), result.b()), result));
        List<Difference> differences = new ArrayList<>();
        for (ProbeResult result : now) {
            Optional.ofNullable(before.get(Set.of(result.a(), result.b())))
                    .ifPresent(earlier -> compare(earlier, result, thresholds, differences));
        }
        return differences;
    }

    private static void compare(ProbeResult was, ProbeResult now, Thresholds thresholds, List<Difference> differences) {
        if (was.ok() != now.ok()) {
            differences.add(new Difference(now.a(), now.b(), Figure.RESULT, was.ok(), words(was), words(now)));
        }
        if (!was.ok() || !now.ok()) {
            return;
        }
        double latency = was.measured().latencyMicrosP50();
        double latencyNow = now.measured().latencyMicrosP50();
        if (thresholds.slower(latencyNow, latency) || thresholds.slower(latency, latencyNow)) {
            add(now, Figure.LATENCY, latencyNow > latency, latency, latencyNow, "us", differences);
        }
        bandwidth(now, Figure.WRITE, was.measured().writeMBps(), now.measured().writeMBps(), thresholds, differences);
        bandwidth(now, Figure.READ, was.measured().readMBps(), now.measured().readMBps(), thresholds, differences);
    }

    private static void bandwidth(
            ProbeResult pair,
            Figure figure,
            double was,
            double now,
            Thresholds thresholds,
            List<Difference> differences) {
        if (thresholds.less(now, was) || thresholds.less(was, now)) {
            add(pair, figure, now < was, was, now, "MB/s", differences);
        }
    }

    private static void add(
            ProbeResult pair,
            Figure figure,
            boolean worse,
            double was,
            double now,
            String unit,
            List<Difference> differences) {
        differences.add(new Difference(
                pair.a(),
                pair.b(),
                figure,
                worse,
                String.format(Locale.ROOT, "%.1f %s", was, unit),
                String.format(Locale.ROOT, "%.1f %s", now, unit)));
    }

    private static String words(ProbeResult result) {
        return result.ok() ? "ok" : "failed: " + result.why();
    }
}
