package dev.scc.cluster.zk;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whether entries have to be expected that are far larger than they may be. To ask each for its length before it is read costs ten
 * times as much as to read it, so that is done only while there is a reason: one has been seen, or reads of many have failed twice
 * in a minute, as they do when a reply is too large to be received. Thread-safe.
 */
final class Wariness {
    private static final Duration AFTER_ONE_WAS_SEEN = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURES = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private OptionalLong failed = OptionalLong.empty();
    private long until;
    private boolean raised;

    /** @param nanos a clock of which only differences count, in nanoseconds */
    Wariness(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized boolean raised() {
        raised &= until - nanos.getAsLong() > 0;
        return raised;
    }

    /** An entry is larger than it may be. */
    void seen() {
        raise(AFTER_ONE_WAS_SEEN);
    }

    /**
     * A read of many entries has got no answer. One that gets an answer proves nothing about others: not all that are read in
     * a session are read with the same ones.
     */
    synchronized void failed() {
        long now = nanos.getAsLong();
        if (failed.isPresent() && now - failed.getAsLong() < AFTER_FAILURES.toNanos()) {
            raise(AFTER_FAILURES);
        }
        failed = OptionalLong.of(now);
    }

    private synchronized void raise(Duration time) {
        long end = nanos.getAsLong() + time.toNanos();
        until = raised && until - end > 0 ? until : end;
        raised = true;
    }
}
