package dev.scc.cluster.verify;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.VpcSummary;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Later;
import java.util.List;
import java.util.Optional;

/**
 * What a verification of a cluster measured, as it is kept.
 *
 * @param revision of the roster
 * @param at when it ended, in milliseconds since 1970
 * @param results of all pairs, in the order of the schedule
 * @param thresholds from where on a pair of these devices is slow
 * @param load what came of the load that was put on the fabric afterwards; empty if none was
 * @param vpc what probes in the VPC showed at the same time; empty in what older servers have kept
 */
public record KeptVerification(
        ClusterName cluster,
        int revision,
        long at,
        Pattern pattern,
        List<ProbeResult> results,
        Thresholds thresholds,
        long millis,
        Optional<LoadResult> load,
        @Later Optional<VpcSummary> vpc) {
    public KeptVerification {
        results = List.copyOf(results);
    }

    /** Whether every pair passed, and every path in the VPC. */
    public boolean ok() {
        return results.stream().allMatch(ProbeResult::ok) && vpc.stream().allMatch(VpcSummary::ok);
    }

    /** The same with what came of a load. */
    public KeptVerification under(LoadResult load) {
        return new KeptVerification(
                cluster, revision, at, pattern, results, thresholds, millis, Optional.of(load), vpc);
    }

    /** What it says about the cluster. */
    public Verdict verdict() {
        return Verdict.judged(pattern, results);
    }
}
