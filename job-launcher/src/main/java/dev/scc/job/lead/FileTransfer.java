package dev.scc.job.lead;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Waits for files that are on their way to or from a job's nodes: until they are there, something happens that makes an end of
 * it, or nothing has moved for a while.
 *
 * @param occurrences what happens meanwhile; what is taken from there and makes no end is of no interest later either
 * @param ends why it makes an end of this, if it does
 * @param moved a number that is another when something has moved
 * @param patience how long nothing may move: whoever hangs does not say so
 */
record FileTransfer(
        BlockingQueue<Occurrence> occurrences,
        Function<Occurrence, Optional<String>> ends,
        LongSupplier moved,
        Duration patience) {
    /** A caller that is stopped for a while keeps its job. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** How it went. */
    sealed interface Result<T> {

        /** The work came to its end. */
        record Done<T>(T what) implements Result<T> {}

        /** The work is not waited for, and has been interrupted. The reason is a clause. */
        record GivenUp<T>(String why) implements Result<T> {}
    }

    /** @param work what moves the files, on a thread of its own */
    <T> Result<T> await(Callable<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work) {
            @Override
            protected void done() {
                occurrences.add(new Occurrence.FilesDone());
            }
        };
        Thread worker = Thread.ofVirtual().name("job-files").start(task);
        try {
            long seen = moved.getAsLong();
            long since = System.nanoTime();
            long look = Math.min(BETWEEN_LOOKS.toNanos(), patience.toNanos());
            while (!task.isDone()) {
                Optional<String> end = Optional.ofNullable(occurrences.poll(look, TimeUnit.NANOSECONDS))
                        .flatMap(ends);
                long now = moved.getAsLong();
                if (end.isPresent()) {
                    return new Result.GivenUp<>(end.get());
                }
                if (now != seen) {
                    seen = now;
                    since = System.nanoTime();
                } else if (!task.isDone() && System.nanoTime() - since > patience.toNanos()) {
                    return new Result.GivenUp<>("nothing of it has moved for " + patience.toSeconds() + " s");
                }
            }
            return new Result.Done<>(task.get());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Error error -> throw error;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            worker.interrupt();
        }
    }
}
