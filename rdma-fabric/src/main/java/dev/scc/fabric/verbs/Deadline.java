package dev.scc.fabric.verbs;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A point in time by which a step must be done. Waits go by slices, so that an interrupt is seen soon.
 *
 * @param over ends it sooner
 */
record Deadline(long nanos, BooleanSupplier over) {
    /** The longest single native wait: an interrupt does not end it. */
    private static final int SLICE_MILLIS = 100;

    Deadline(long nanos) {
        this(nanos, () -> false);
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** This deadline, or one {@code atMost} from now if that is sooner. */
    Deadline orIn(Duration atMost) {
        long other = System.nanoTime() + atMost.toNanos();
        return other - nanos < 0 ? new Deadline(other, over) : this;
    }

    boolean passed() {
        return System.nanoTime() - nanos >= 0 || over.getAsBoolean();
    }

    /** How long to wait at one go, in milliseconds: 1 to 100. */
    int slice() {
        return (int) Math.clamp((nanos - System.nanoTime()) / 1_000_000, 1L, SLICE_MILLIS);
    }

    /**
     * To be called between two slices.
     *
     * @param missing what has not happened yet, such as {@code no answer from n2}
     */
    void check(String missing) throws ProbeFailed, InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("probe cancelled");
        }
        if (passed()) {
            throw new ProbeFailed(missing + " within the time allowed");
        }
    }
}
