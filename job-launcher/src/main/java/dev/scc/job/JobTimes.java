package dev.scc.job;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a job may run, and what its ranks hear before they are killed. All times are in milliseconds.
 *
 * @param limit after which it is ended; at least 1; empty for none
 * @param early a signal that its ranks get some time before that
 * @param grace between SIGTERM and SIGKILL, when its limit is over or somebody has it ended; 0 for SIGKILL at once
 */
public record JobTimes(Optional<Long> limit, Optional<Early> early, long grace) {
    /** A year: more than that is a mistake. */
    private static final long LONGEST = Duration.ofDays(366).toMillis();

    /**
     * A signal before the end.
     *
     * @param before so long before the limit; at least 1
     */
    public record Early(RankSignal signal, long before) {}

    public JobTimes {
        limit.ifPresent(millis -> require("time limit", millis, 1));
        require("grace", grace, 0);
        early.ifPresent(signal -> require("time of the early signal", signal.before(), 1));
        if (early.isPresent() && limit.isEmpty()) {
            throw new IllegalArgumentException("a signal before the time limit needs a time limit");
        }
        if (early.isPresent() && early.get().before() >= limit.get()) {
            throw new IllegalArgumentException(
                    early.get().signal() + " " + early.get().before() + " ms before a time limit of " + limit.get()
                            + " ms would be before the job");
        }
    }

    private static void require(String field, long millis, long least) {
        if (millis < least || millis > LONGEST) {
            throw new IllegalArgumentException(field + " of " + millis + " ms is not " + least + " to " + LONGEST);
        }
    }

    /** No limit, and no grace. */
    public static JobTimes none() {
        return new JobTimes(Optional.empty(), Optional.empty(), 0);
    }
}
