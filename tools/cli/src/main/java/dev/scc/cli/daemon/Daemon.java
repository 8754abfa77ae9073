package dev.scc.cli.daemon;

import java.util.concurrent.CountDownLatch;

/** A process that works until it is told to stop. */
public final class Daemon {
    private Daemon() {}

    /** Starts a daemon's parts; closing what is returned stops them in reverse order. */
    @FunctionalInterface
    public interface Start {
        AutoCloseable start() throws Exception;
    }

    /** Returns after the interrupt that SIGTERM and SIGINT cause, when everything is closed. */
    public static void run(Start start) throws Exception {
        try (AutoCloseable _ = start.start()) {
            awaitInterrupt();
        }
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Told to stop, which is how a daemon ends well. The flag stays clear: closing has to wait for things.
        }
    }
}
