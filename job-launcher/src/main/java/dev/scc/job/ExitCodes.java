package dev.scc.job;

/**
 * The exit status of {@code scc run}, which is the job's own where it has one. This is where outcomes become numbers; whoever
 * decides something looks at the outcome.
 */
public final class ExitCodes {
    private static final int USAGE = 2;
    private static final int NODES_FAILED = 4;
    private static final int LEFT_BEHIND = 5;
    private static final int REFUSED = 6;
    private static final int TIMED_OUT = 124;
    private static final int CANCELLED = 130;

    /** That of a job of which nobody knows how it ended. */
    static final int LOST = NODES_FAILED;

    private ExitCodes() {}

    /** That of an outcome; a job that did well and left something behind has one of its own. */
    public static int of(JobOutcome outcome) {
        return switch (outcome) {
            case JobOutcome.Refused refused -> of(refused.refusal());
            case JobOutcome.Ended ended ->
                ended.end() instanceof JobEnd.Done && !ended.left().isEmpty() ? LEFT_BEHIND : of(ended.end());
        };
    }

    /** That of a job that was started, as its receipt has it. */
    public static int of(JobEnd end) {
        return switch (end) {
            case JobEnd.Done _ -> 0;
            case JobEnd.Failed failed -> failed.status();
            case JobEnd.NodeLost _ -> NODES_FAILED;
            case JobEnd.Cancelled _ -> CANCELLED;
            case JobEnd.TimedOut _ -> TIMED_OUT;
        };
    }

    private static int of(Refusal refusal) {
        return switch (refusal) {
            case Refusal.TooMuch _ -> USAGE;
            case Refusal.NoRdma _, Refusal.NoDirectory _ -> REFUSED;
            case Refusal.NodeUnable _, Refusal.VpcBlocked _, Refusal.NotStaged _ -> NODES_FAILED;
            case Refusal.Earlier earlier -> earlier.exitCode();
        };
    }
}
