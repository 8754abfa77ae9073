package dev.scc.job;

import dev.scc.cluster.rpc.Bytes;

/**
 * The most that jobs may have. They keep a keeper, which holds the jobs of everybody on its node in 64 MiB, out of harm's
 * way; what is beyond them is refused before anything is started.
 */
public final class JobLimits {
    /** Ranks of all jobs that one keeper leads at a time, and so of one job. */
    public static final int RANKS = 16_384;
    /** Ranks of all jobs that have a part on one node. */
    public static final int RANKS_OF_A_NODE = 1_024;

    /** Characters of a job's words and variables together: each of its ranks gets all of them. */
    public static final int TEXT = 256 << 10;
    /** Characters of a line that a rank says to its PMI-1 server, more than the longest key and value need. */
    public static final int PMI_LINE = 4_096;
    /** Bytes that the ranks of one node have for those of others at a time, through their PMIx servers. */
    public static final int PMIX_OF_A_NODE = 1 << 20;
    /** Bytes that the ranks of one job have for each other at a time, through their PMIx servers. */
    public static final int PMIX = 4 << 20;
    /** Processes that one job starts on other nodes through its launcher; Open MPI starts one on each. */
    public static final int REMOTE_PROCESSES = 4_096;
    /** Bytes in files that a job brings along, or leaves for its caller, on each node: they are in its memory. */
    public static final long STAGED = 512L << 20;
    /** How many files, folders and links that may be. */
    public static final int STAGED_FILES = 20_000;
    /** Bytes of such files in one message. */
    public static final int PIECE = 64 << 10;
    /** What is named of what is left of a job on one node. */
    public static final int NAMED_LEFTOVERS = 32;

    /** Connections of one job to the PMI-1 server, or to the keeper, on a node at a time and that it ever makes. */
    public static int connections(int ranks) {
        return 4 * ranks + 64;
    }

    /** @throws IllegalArgumentException if that is more than a message has of a job's files */
    public static Bytes piece(Bytes bytes) {
        if (bytes.length() > PIECE) {
            throw new IllegalArgumentException(
                    "a piece of files with " + bytes.length() + " bytes is longer than " + PIECE);
        }
        return bytes;
    }

    private JobLimits() {}
}
