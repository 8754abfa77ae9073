package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends work that takes longer than its caller is willing to wait. */
final class TimeLimit {
    private TimeLimit() {}

    /**
     * Does the work on this thread, which is interrupted when the time is over.
     *
     * @param longest empty for no limit
     * @param ended what an interrupt does about the work, for the message
     * @throws Failure with exit status 124 if the time was over first
     * @throws InterruptedException if this thread was interrupted for another reason
     */
    static <T> T within(Optional<Duration> longest, String what, String ended, Callable<T> work) throws Exception {
        if (longest.isEmpty()) {
            return work.call();
        }
        Duration time = longest.get();
        AtomicBoolean over = new AtomicBoolean();
        Thread worker = Thread.currentThread();
        Thread watch = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(time);
                over.set(true);
                worker.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // Done in time.
            }
        });
        try {
            return work.call();
        } catch (InterruptedException e) {
            if (!over.get()) {
                throw e;
            }
            throw new Failure(
                    ExitStatus.TIMED_OUT,
                    new Problem(
                            what,
                            "",
                            "",
                            "not over after " + time.toSeconds() + " s",
                            ended,
                            "give it more with --timeout"));
        } finally {
            watch.interrupt();
            watch.join();
            if (over.get()) {
                // An interrupt that came when the work was through is nobody else's.
                Thread.interrupted();
            }
        }
    }
}
