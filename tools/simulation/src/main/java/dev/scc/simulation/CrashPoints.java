package dev.scc.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every point of a few undertakings at which a process waits for ZooKeeper, its machine or its disk; and at each of them, one
 * after the other, something that happens to the process there. Nothing else goes wrong.
 */
final class CrashPoints {
    /** What happens to it. */
    enum Treatment {
        /** It is killed, and started again some seconds later. */
        KILL,
        /** It is stopped for longer than its session lives. */
        STOP,
        /** Its session is over. */
        EXPIRE,
        /** Its transaction is executed, and it never hears so. */
        LOSE,
        /** Its transaction never arrives, and its connection is back soon. */
        DROP
    }

    /** One point, counted from 0, and what happens there. */
    record Case(Undertaking undertaking, int point, Treatment treatment) implements Comparable<Case> {
        static Case parse(String text) {
            String[] parts = text.toUpperCase(Locale.ROOT).split(":", -1);
            return new Case(
                    Undertaking.valueOf(parts[0].replace('-', '_')),
                    Integer.parseInt(parts[1]),
                    Treatment.valueOf(parts[2]));
        }

        @Override
        public int compareTo(Case other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return (undertaking.name().replace('_', '-') + ":" + point + ":" + treatment).toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What came of all.
     *
     * @param cases how many there are
     * @param runs how many of them were run
     * @param points how many there are of each kind
     */
    record Summary(int cases, int runs, Map<String, Integer> points, Map<Case, Throwable> broken) {}

    private CrashPoints() {}

    /**
     * Runs all cases, or as many as wanted, evenly chosen.
     *
     * @param progress told now and then
     */
    static Summary all(int jobs, int most, Consumer<String> progress) throws InterruptedException {
        Map<String, Integer> points = new TreeMap<>();
        List<Case> all = new ArrayList<>();
        for (Undertaking undertaking : Undertaking.values()) {
            List<Point.Kind> kinds = survey(undertaking);
            for (int i = 0; i < kinds.size(); i++) {
                points.merge(undertaking + " " + kinds.get(i), 1, Integer::sum);
                for (Treatment treatment : Treatment.values()) {
                    if (fits(treatment, kinds.get(i))) {
                        all.add(new Case(undertaking, i, treatment));
                    }
                }
            }
        }
        List<Case> chosen = new ArrayList<>();
        long runs = Math.min(most, all.size());
        for (long i = 0; i < runs; i++) {
            chosen.add(all.get((int) (i * all.size() / runs)));
        }
        return new Summary(all.size(), chosen.size(), points, run(chosen, jobs, progress));
    }

    private static Map<Case, Throwable> run(List<Case> cases, int jobs, Consumer<String> progress)
            throws InterruptedException {
        Map<Case, Throwable> broken = new TreeMap<>();
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            threads.add(Thread.ofPlatform().name("crash-points-" + i).start(() -> {
                for (int one = next.getAndIncrement(); one < cases.size(); one = next.getAndIncrement()) {
                    Case taken = cases.get(one);
                    run(taken, Trace::silent).ifPresent(how -> {
                        synchronized (broken) {
                            broken.put(taken, how);
                        }
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            while (!thread.join(java.time.Duration.ofSeconds(5))) {
                progress.accept(Math.min(next.get(), cases.size()) + " of " + cases.size() + " crash points");
            }
        }
        return broken;
    }

    private static boolean fits(Treatment treatment, Point.Kind kind) {
        return switch (treatment) {
            case KILL -> true;
            case STOP -> kind != Point.Kind.SENT;
            case EXPIRE -> kind == Point.Kind.SEND || kind == Point.Kind.COMMIT || kind == Point.Kind.ANSWER;
            case LOSE, DROP -> kind == Point.Kind.COMMIT;
        };
    }

    /** The kinds of all points of an undertaking. */
    private static List<Point.Kind> survey(Undertaking undertaking) {
        List<Point.Kind> kinds = new ArrayList<>();
        Scene scene = new Scene(undertaking, Trace::silent);
        scene.play((process, kind, what) -> kinds.add(kind));
        return kinds;
    }

    /** Empty if all promises are kept. */
    static Optional<Throwable> run(Case one, Simulation.Tracing tracing) {
        Scene scene = new Scene(one.undertaking(), tracing);
        int[] number = {0};
        @Nullable Throwable broken = null;
        try {
            scene.play((process, kind, what) -> {
                if (number[0]++ == one.point()) {
                    scene.treat(process, one.treatment(), kind + " " + what);
                }
            });
        } catch (BrokenPromise | RuntimeException e) {
            broken = e;
        }
        return Optional.ofNullable(broken);
    }
}
