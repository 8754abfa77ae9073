package dev.scc.cli;

import dev.scc.cluster.rpc.EventLoops;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Gives the running command the time to clean up after SIGINT or SIGTERM: the thread that runs it is interrupted, and the
 * process ends (with 128 + the signal's number, as the JVM does by itself) once that thread is through. Its connections end
 * with the command, signal or not.
 */
final class Interruption {
    private Interruption() {}

    /** Runs the command and returns its status. After a signal the process ends during this call. */
    static int guard(IntSupplier command, Duration longestCleanup) {
        Thread worker = Thread.currentThread();
        CountDownLatch through = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("interruption").unstarted(() -> {
            if (through.getCount() > 0) {
                worker.interrupt();
                awaitQuietly(through, longestCleanup);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return command.getAsInt();
        } finally {
            System.out.flush();
            System.err.flush();
            try {
                EventLoops.end();
            } finally {
                through.countDown();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch, Duration longest) {
        try {
            if (!latch.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("scc: cleaning up took longer than " + longest.toSeconds() + " s; giving up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
