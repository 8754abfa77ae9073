package dev.scc.simulation;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs simulations from the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args));
    }

    private static int run(String[] args) throws InterruptedException {
        long from = 1;
        long to = 10_000;
        boolean trace = false;
        boolean digests = false;
        boolean crashPoints = false;
        @Nullable String crashPoint = null;
        int most = Integer.MAX_VALUE;
        boolean stopAtFirst = false;
        Runner.Playing playing = Seed::run;
        int jobs = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seeds" -> {
                    String range = args[++i];
                    int dots = range.indexOf("..");
                    from = dots < 0 ? 1 : Long.parseLong(range.substring(0, dots));
                    to = Long.parseLong(dots < 0 ? range : range.substring(dots + 2));
                }
                case "--seed" -> {
                    from = Long.parseLong(args[++i]);
                    to = from;
                }
                case "--trace" -> trace = true;
                case "--digests" -> digests = true;
                case "--crash-points" -> crashPoints = true;
                case "--crash-point" -> crashPoint = args[++i];
                case "--most" -> most = Integer.parseInt(args[++i]);
                case "--stop-at-first" -> stopAtFirst = true;
                case "--only" -> {
                    String scene = args[++i];
                    if (!scene.equals("jobs") && !scene.equals("clusters")) {
                        System.err.println("tools/simulation/run: --only is jobs or clusters, not " + scene);
                        return 2;
                    }
                    playing = scene.equals("jobs") ? Seed::jobs : Seed::clusters;
                }
                case "--jobs" -> jobs = Integer.parseInt(args[++i]);
                default -> {
                    System.err.println(
                            "tools/simulation/run: what is \"" + args[i] + "\"? See tools/simulation/run --help");
                    return 2;
                }
            }
        }
        if (crashPoint != null) {
            return crashPoint(CrashPoints.Case.parse(crashPoint));
        }
        if (crashPoints) {
            return crashPoints(jobs, most);
        }
        if (digests) {
            for (long seed = from; seed <= to; seed++) {
                System.out.printf(
                        Locale.ROOT,
                        "%d %016x%n",
                        seed,
                        playing.run(seed, Trace::silent).digest());
            }
            return 0;
        }
        if (trace) {
            return traced(from, playing);
        }
        Runner runner = new Runner(from, to, jobs, stopAtFirst, playing);
        Runner.Summary summary = runner.run(line -> System.err.println(line));
        tell(summary.tally());
        for (Seed.Result failure : summary.failures()) {
            tell(failure, playing);
        }
        return summary.failures().isEmpty() ? 0 : 1;
    }

    private static int traced(long seed, Runner.Playing playing) {
        Seed.Result result = playing.run(seed, timeline -> Trace.wordy(timeline, System.out::println));
        System.out.printf(Locale.ROOT, "digest %016x%n", result.digest());
        result.broken().ifPresent(broken -> {
            broken.printStackTrace(System.out);
            System.out.println("seed " + seed + " breaks " + broken.getMessage());
        });
        return result.broken().isPresent() ? 1 : 0;
    }

    private static int crashPoint(CrashPoints.Case one) {
        Optional<Throwable> broken = CrashPoints.run(one, timeline -> Trace.wordy(timeline, System.out::println));
        broken.ifPresent(how -> {
            how.printStackTrace(System.out);
            System.out.println(one + " breaks " + how.getMessage());
        });
        return broken.isPresent() ? 1 : 0;
    }

    private static int crashPoints(int jobs, int most) throws InterruptedException {
        CrashPoints.Summary summary = CrashPoints.all(jobs, most, System.err::println);
        summary.points().forEach((what, count) -> System.out.printf(Locale.ROOT, "  %9d %s%n", count, what));
        System.out.println(summary.runs() + " of " + summary.cases() + " cases run");
        summary.broken().forEach((one, how) -> {
            System.out.println("replay: tools/simulation/run --crash-point " + one + " --trace");
            System.out.println(one + " breaks " + how.getMessage());
        });
        return summary.broken().isEmpty() ? 0 : 1;
    }

    private static void tell(Seed.Result failure, Runner.Playing playing) {
        Seed.Result again = playing.run(failure.seed(), timeline -> Trace.wordy(timeline, _ -> {}));
        again.last().forEach(System.out::println);
        failure.broken().ifPresent(broken -> {
            if (!(broken instanceof BrokenPromise) || broken.getCause() != null) {
                broken.printStackTrace(System.out);
            }
            System.out.println("replay: tools/simulation/run --seed " + failure.seed() + " --trace");
            System.out.println("seed " + failure.seed() + " breaks " + broken.getMessage());
        });
    }

    private static void tell(Tally tally) {
        System.out.printf(
                Locale.ROOT,
                "%d seeds, %.1f simulated hours, %d events, %d passes, %d transactions, %d conflicts%n",
                tally.seeds,
                tally.simulatedNanos / 3.6e12,
                tally.events,
                tally.passes,
                tally.transactions,
                tally.conflicts);
        table("faults", tally.faults);
        table("requests", tally.requests);
        table("refusals", tally.refusals);
        table("phases", tally.phases);
        table("other", tally.ends);
    }

    private static void table(String title, Map<String, Long> counts) {
        System.out.println(title);
        counts.forEach((what, count) -> System.out.printf(Locale.ROOT, "  %9d %s%n", count, what));
    }
}
