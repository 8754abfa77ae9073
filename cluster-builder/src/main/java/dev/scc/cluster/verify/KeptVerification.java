package dev.scc.cluster.verify;

import dev.scc.cluster.ClusterName;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.fabric.verify.Verdict;
import java.util.List;

/**
 * What a verification of a cluster measured, as it is kept.
 *
 * @param revision of the roster
 * @param at when it ended, in milliseconds since 1970
 * @param results of all pairs, in the order of the schedule
 * @param thresholds from where on a pair of these devices is slow
 */
public record KeptVerification(
        ClusterName cluster,
        int revision,
        long at,
        Pattern pattern,
        List<ProbeResult> results,
        Thresholds thresholds,
        long millis) {
    public KeptVerification {
        results = List.copyOf(results);
    }

    /** Whether every pair passed. */
    public boolean ok() {
        return results.stream().allMatch(ProbeResult::ok);
    }

    /** What it says about the cluster. */
    public Verdict verdict() {
        return Verdict.judged(pattern, results);
    }
}
