package dev.scc.job.history;

import java.time.Duration;

/**
 * How much of jobs that are over is kept.
 *
 * @param jobs how many at most
 * @param bytes of their output altogether
 * @param age since they ended
 * @param outputOfJob how many bytes of one job's output are kept, the latest
 */
public record HistoryLimits(int jobs, long bytes, Duration age, long outputOfJob) {
    public HistoryLimits {
        if (jobs < 1 || bytes < outputOfJob || outputOfJob < OutputLog.PIECES) {
            throw new IllegalArgumentException("a history of " + jobs + " jobs and " + bytes + " bytes, " + outputOfJob
                    + " of each, is too small");
        }
    }

    public static HistoryLimits usual() {
        return new HistoryLimits(200, 256L << 20, Duration.ofDays(7), 16L << 20);
    }
}
