package dev.scc.testbed;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While open, the end of the JVM (SIGINT, SIGTERM) interrupts the thread that opened it and waits until it has closed it:
 * so the thread gets the time to take back what it has begun.
 */
final class CancelOnExit implements AutoCloseable {
    private static final long LONGEST_SECONDS = 30;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private CancelOnExit(Thread worker) {
        this.hook = new Thread(() -> cancel(worker), "testbed-cancel");
    }

    /** Empty if the JVM is ending already: then nothing should be begun. */
    static Optional<CancelOnExit> ofThisThread() {
        CancelOnExit cancel = new CancelOnExit(Thread.currentThread());
        try {
            Runtime.getRuntime().addShutdownHook(cancel.hook);
            return Optional.of(cancel);
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private void cancel(Thread worker) {
        worker.interrupt();
        try {
            closed.await(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending and the hook runs: it has just been let go.
        }
    }
}
