package dev.scc.job;

/**
 * The most that jobs may have. They keep a keeper, which holds the jobs of everybody on its node in 64 MiB, out of harm's
 * way; what is beyond them is refused before anything is started.
 */
public final class JobLimits {
    /** Ranks of all jobs that one keeper leads at a time, and so of one job. */
    public static final int RANKS = 16_384;
    /** Ranks of all jobs that have a part on one node. */
    public static final int RANKS_OF_A_NODE = 1_024;

    private JobLimits() {}
}
