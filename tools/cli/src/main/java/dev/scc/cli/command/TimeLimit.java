package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Interrupts the thread that opened it when the time is over; closing it then fails with exit status 124. */
final class TimeLimit implements AutoCloseable {
    private final String what;
    private final Optional<Duration> longest;
    private final AtomicBoolean over = new AtomicBoolean();
    private final @Nullable Thread watch;

    private TimeLimit(Optional<Duration> longest, String what) {
        this.what = what;
        this.longest = longest;
        Thread worker = Thread.currentThread();
        watch = longest.map(time -> Thread.ofVirtual().start(() -> watch(worker, time)))
                .orElse(null);
    }

    static TimeLimit of(Optional<Duration> longest, String what) {
        return new TimeLimit(longest, what);
    }

    private void watch(Thread worker, Duration time) {
        try {
            Thread.sleep(time);
            over.set(true);
            worker.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Done in time.
        }
    }

    /** @throws Failure if the time was over first; the interrupt that this caused is taken back */
    @Override
    public void close() throws Failure {
        if (watch != null) {
            watch.interrupt();
        }
        if (over.get()) {
            Thread.interrupted();
            throw new Failure(
                    ExitStatus.TIMED_OUT,
                    new Problem(
                            what,
                            "",
                            "",
                            "not over after " + longest.map(Duration::toSeconds).orElse(0L) + " s",
                            "it was ended everywhere",
                            "give it more with --timeout"));
        }
    }
}
