package dev.scc.cluster.front;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says from time to time that a call is alive whose handler is at something else. */
final class Beats implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);

    /** How it is said. */
    @FunctionalInterface
    interface Beat {
        void say() throws InterruptedException;
    }

    private Beats() {}

    /** @param every zero for never */
    static Beats every(Duration every, Beat beat) {
        Beats beats = new Beats();
        if (!every.isZero()) {
            Thread.ofVirtual().name("beats").start(() -> beats.go(every, beat));
        }
        return beats;
    }

    private void go(Duration every, Beat beat) {
        try {
            while (!over.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                beat.say();
            }
        } catch (InterruptedException e) {
            // Nobody listens any more, and this thread is for nothing else.
        }
    }

    /** One that is being said may still be. */
    @Override
    public void close() {
        over.countDown();
    }
}
