package dev.scc.job;

import dev.scc.host.Bounds;
import java.util.List;

/**
 * Files that a job brings along: each of its nodes gets a copy, in a folder of the job's that is its working directory and goes
 * with it.
 *
 * @param bytes in all of them together, at most {@link JobLimits#STAGED}
 * @param collect patterns of paths in that folder; what matches when the job is over goes back to the caller
 */
public record Stage(long bytes, List<String> collect) {
    private static final int MOST_PATTERNS = 32;
    private static final int LONGEST_PATTERN = 1_024;

    public Stage {
        Bounds.within("bytes of what is staged", bytes, 0, JobLimits.STAGED);
        collect = List.copyOf(collect);
        Bounds.within("number of patterns of what is collected", collect.size(), 0, MOST_PATTERNS);
        for (String glob : collect) {
            Bounds.atMost("a pattern of what is collected", glob, LONGEST_PATTERN);
            PathPattern.of(glob); // Which throws where it is none.
        }
    }
}
