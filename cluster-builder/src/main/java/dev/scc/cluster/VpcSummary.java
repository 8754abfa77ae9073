package dev.scc.cluster;

import dev.scc.cluster.VerificationSummary.FailedPair;
import java.util.List;

/**
 * What probes in a cluster's VPC showed: of each member to its neighbours in a ring, and of what failed there to others.
 *
 * @param paths between two members each, both ways
 * @param passed how many of them carry packets as large as the VPC's MTU
 * @param mtu of those that passed, in bytes; 0 if none did, or if nothing was really sent
 * @param suspects in words, what explains those that failed
 */
public record VpcSummary(int paths, int passed, int mtu, List<FailedPair> failed, List<String> suspects) {
    /** Of a cluster that has one member, or whose agents cannot probe. */
    public static final VpcSummary NONE = new VpcSummary(0, 0, 0, List.of(), List.of());

    public VpcSummary {
        failed = List.copyOf(failed);
        suspects = List.copyOf(suspects);
    }

    /** Whether all of them passed. */
    public boolean ok() {
        return passed == paths;
    }
}
