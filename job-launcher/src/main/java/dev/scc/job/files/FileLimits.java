package dev.scc.job.files;

import dev.scc.job.JobLimits;
import java.nio.charset.StandardCharsets;

/** What a stream of files may hold. */
final class FileLimits {
    static final int LONGEST_PATH = 4_096;
    /** Of bytes in all files together: what is on nodes is in their memory. */
    static final long BYTES = JobLimits.STAGED;

    static final int ENTRIES = JobLimits.STAGED_FILES;

    /** Of bytes in all paths and targets of links together: they are in memory at once. */
    static final int PATH_BYTES = 4 << 20;

    /** Of bytes in UTF-8. */
    static int bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8).length;
    }

    private FileLimits() {}
}
