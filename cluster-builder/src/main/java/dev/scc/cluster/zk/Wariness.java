package dev.scc.cluster.zk;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Whether entries have to be expected that are far larger than they may be. To ask each for its length before it is read costs ten
 * times as much as to read it, so that is done only while there is a reason: one has been seen, or reads of many have failed twice
 * in a row, as they do when a reply is too large to be received. Thread-safe.
 */
final class Wariness {
    private static final Duration AFTER_ONE_WAS_SEEN = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURES = Duration.ofMinutes(1);
    private static final int FAILURES = 2;

    private final LongSupplier nanos;
    private final AtomicInteger failures = new AtomicInteger();
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

    /** A read of many entries has come to its end. */
    void read() {
        failures.set(0);
    }

    /** A read of many entries has got no answer. */
    void failed() {
        if (failures.incrementAndGet() >= FAILURES) {
            raise(AFTER_FAILURES);
        }
    }

    private synchronized void raise(Duration time) {
        long end = nanos.getAsLong() + time.toNanos();
        until = raised && until - end > 0 ? until : end;
        raised = true;
    }
}
