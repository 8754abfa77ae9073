package dev.scc.job;

import java.util.List;
import java.util.Optional;

/**
 * How a job ended.
 *
 * @param exitCode what the caller's own exit status should be
 * @param cause why it is not 0: the first thing that went wrong, as a sentence that names rank and node
 * @param notices what the caller should know beside that
 * @param left what could not be removed, by node; empty when everything is gone
 * @param receipt empty when nothing was started
 */
public record JobOutcome(
        int exitCode, Optional<String> cause, List<String> notices, List<String> left, Optional<Receipt> receipt) {
    /** The command line was wrong: a number that does not fit. */
    public static final int USAGE = 2;
    /** A node was lost or could not be reached. */
    public static final int NODES_FAILED = 4;
    /** The job did well, but something of it could not be removed. */
    public static final int LEFT_BEHIND = 5;
    /** The job was not started because its transport would not be RDMA. */
    public static final int REFUSED = 6;
    /** The caller gave up. */
    public static final int INTERRUPTED = 130;

    public JobOutcome {
        notices = List.copyOf(notices);
        left = List.copyOf(left);
    }
}
