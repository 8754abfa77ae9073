package dev.scc.cluster.api;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How a call waits, and by which time. */
public interface Waiting {

    /** Nanoseconds since some moment. It never goes back. */
    long nanos();

    /** One that has not been rung. */
    Bell bell();

    /** Rung by whoever knows that something may have changed, on any thread; one waits for it. */
    interface Bell {
        void ring();

        /** Waits for the next ring only, whatever was before. */
        void forget();

        /** Waits until it has been rung. Returns false if it was not within {@code atMost}. */
        boolean await(Duration atMost) throws InterruptedException;
    }

    /** By this machine's clock; the thread that waits stands still. */
    static Waiting ofThreads() {
        return new Waiting() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Bell bell() {
                Semaphore rings = new Semaphore(0);
                return new Bell() {
                    @Override
                    public void ring() {
                        rings.release();
                    }

                    @Override
                    public void forget() {
                        rings.drainPermits();
                    }

                    @Override
                    public boolean await(Duration atMost) throws InterruptedException {
                        return rings.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
                    }
                };
            }
        };
    }
}
