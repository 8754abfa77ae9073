package dev.scc.fabric.verify;

import dev.scc.host.NodeName;

/**
 * What one pair measured, or why it could not.
 *
 * @param a the pair's active side, which reports
 * @param b its passive side
 */
public record ProbeResult(NodeName a, NodeName b, ProbeOutcome outcome) {

    public static ProbeResult passed(Pair pair, ProbeOutcome.Passed measured) {
        return new ProbeResult(pair.active(), pair.passive(), measured);
    }

    public static ProbeResult failed(Pair pair, String why) {
        return new ProbeResult(pair.active(), pair.passive(), new ProbeOutcome.Failed(why));
    }

    public static ProbeResult notTried(Pair pair, String why) {
        return new ProbeResult(pair.active(), pair.passive(), new ProbeOutcome.NotTried(why));
    }

    /** Whether the pair has proved that RDMA works between its two. */
    public boolean ok() {
        return switch (outcome) {
            case ProbeOutcome.Passed _ -> true;
            case ProbeOutcome.Failed _, ProbeOutcome.NotTried _ -> false;
        };
    }

    /** Why it has not, for a person; empty if it has. */
    public String why() {
        return switch (outcome) {
            case ProbeOutcome.Passed _ -> "";
            case ProbeOutcome.Failed failed -> failed.why();
            case ProbeOutcome.NotTried unknown -> unknown.why();
        };
    }

    /** What it measured, for a table or its like: zeros if it did not pass. */
    public ProbeOutcome.Passed measured() {
        return outcome instanceof ProbeOutcome.Passed passed ? passed : ProbeOutcome.Passed.NOTHING;
    }
}
