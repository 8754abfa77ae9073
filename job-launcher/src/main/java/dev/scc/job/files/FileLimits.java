package dev.scc.job.files;

import dev.scc.job.JobLimits;

/** What a stream of files may hold. */
final class FileLimits {
    static final int LONGEST_PATH = 4_096;
    /** Of bytes in all files together: what is on nodes is in their memory. */
    static final long BYTES = JobLimits.STAGED;

    static final int ENTRIES = JobLimits.STAGED_FILES;

    private FileLimits() {}
}
