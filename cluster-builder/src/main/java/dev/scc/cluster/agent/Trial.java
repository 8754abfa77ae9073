package dev.scc.cluster.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Since when networks that are being built wait for a server to be reached. What is built must not cut its node off from the
 * servers: nobody could tell it to take that back any more. Only a server that is reached after all is built ends it: what is
 * half built may not be in the way yet. Not thread-safe.
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
    private boolean built;

    /** @param nanos a clock of which only differences count, in nanoseconds */
    Trial(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** From now on, unless it runs already; all is not built yet. */
    void begin() {
        built = false;
        if (since.isEmpty()) {
            since = Optional.of(nanos.getAsLong());
        }
    }

    /** All is there now. */
    void built() {
        built = true;
    }

    /** A server was reached just now. Returns whether that ends the trial. */
    boolean reached() {
        if (!built) {
            since = since.map(_ -> nanos.getAsLong());
        }
        return built;
    }

    void end() {
        since = Optional.empty();
        built = false;
    }

    boolean runs() {
        return since.isPresent();
    }

    boolean overdue() {
        return since.filter(start -> nanos.getAsLong() - start >= LONGEST.toNanos())
                .isPresent();
    }
}
