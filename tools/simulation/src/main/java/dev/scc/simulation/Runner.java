package dev.scc.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs many seeds on several threads, each seed on one of them. */
final class Runner {
    private static final long PROGRESS_MILLIS = 5_000;

    private final long to;
    private final int jobs;
    private final boolean stopAtFirst;
    private final AtomicLong next;
    private final long from;
    private final Tally tally = new Tally();
    private final List<Seed.Result> failures = new ArrayList<>();
    private boolean stopped;

    private final Playing playing;

    /** What is done under a seed. */
    interface Playing {
        Seed.Result run(long seed, Simulation.Tracing tracing);
    }

    /** Both ends included. */
    Runner(long from, long to, int jobs, boolean stopAtFirst, Playing playing) {
        this.playing = playing;
        this.from = from;
        this.to = to;
        this.jobs = jobs;
        this.stopAtFirst = stopAtFirst;
        this.next = new AtomicLong(from);
    }

    record Summary(Tally tally, List<Seed.Result> failures) {}

    Summary run(Consumer<String> progress) throws InterruptedException {
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            threads.add(Thread.ofPlatform().name("seeds-" + i).start(() -> work(progress)));
        }
        for (Thread thread : threads) {
            while (!thread.join(java.time.Duration.ofMillis(PROGRESS_MILLIS))) {
                progress.accept(progress(start));
            }
        }
        progress.accept(progress(start));
        failures.sort(Comparator.comparingLong(Seed.Result::seed));
        return new Summary(tally, List.copyOf(failures));
    }

    private void work(Consumer<String> progress) {
        for (long seed = next.getAndIncrement(); seed <= to; seed = next.getAndIncrement()) {
            synchronized (this) {
                if (stopped) {
                    return;
                }
            }
            Seed.Result result = playing.run(seed, Trace::silent);
            result.broken()
                    .ifPresent(broken -> progress.accept("seed " + result.seed() + " breaks " + broken.getMessage()));
            synchronized (this) {
                tally.add(result.tally());
                if (result.broken().isPresent()) {
                    failures.add(result);
                    stopped |= stopAtFirst;
                }
            }
        }
    }

    private synchronized String progress(long start) {
        return String.format(
                Locale.ROOT,
                "%d of %d seeds, %d broken, %.0f s",
                tally.seeds,
                to - from + 1,
                failures.size(),
                (System.nanoTime() - start) / 1e9);
    }
}
