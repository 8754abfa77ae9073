package dev.scc.cluster.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Since when networks that have just been built wait for a server to be reached. What is built must not cut its node off from
 * the servers: nobody could tell it to take that back any more.
 */
final class Trial {
    /**
     * Long enough for another server to lead when one dies; less than it takes until a node that is cut off counts as lost, so
     * that it can still say itself what was the matter.
     */
    static final Duration LONGEST = Duration.ofSeconds(15);

    /** After how long what was taken back is tried again if it is still asked for: whatever was in the way may be gone. */
    static final Duration BETWEEN = Duration.ofMinutes(5);

    private final LongSupplier nanos;
    private Optional<Long> since = Optional.empty();

    /** @param nanos a clock of which only differences count, in nanoseconds */
    Trial(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** From now on, unless it runs already. */
    void begin() {
        if (since.isEmpty()) {
            since = Optional.of(nanos.getAsLong());
        }
    }

    void end() {
        since = Optional.empty();
    }

    boolean runs() {
        return since.isPresent();
    }

    boolean overdue() {
        return since.filter(start -> nanos.getAsLong() - start >= LONGEST.toNanos())
                .isPresent();
    }
}
