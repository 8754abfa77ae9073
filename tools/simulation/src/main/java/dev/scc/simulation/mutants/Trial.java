package dev.scc.simulation.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Makes random mutants and has them judged, in several processes at a time. */
final class Trial {
    private final Scope scope;
    private final Equivalents equivalents;
    private final Wish wish;
    private final Consumer<String> progress;

    /**
     * What is wanted.
     *
     * @param count at most so many mutants
     * @param seed which ones
     * @param from of those, the first that is wanted, from 1
     * @param to of those, the last that is wanted
     * @param only simple name of a package or of a class; empty for all
     * @param seeds of the simulation, from 1
     * @param slowTests whether tests that need a real ZooKeeper judge, too
     * @param within how long one may be judged by those who are content with it
     * @param all whether those that die are shown, too
     * @param kept directory of what is known of the judges
     */
    record Wish(
            int count,
            long seed,
            int from,
            int to,
            String only,
            int seeds,
            boolean slowTests,
            Duration within,
            int jobs,
            boolean all,
            Path kept) {}

    /**
     * What became of one.
     *
     * @param end who has killed it and how; empty if it has survived
     * @param equivalent why that is no wonder; empty if it is one
     * @param covered whether any judge executes its line
     */
    record Fate(Mutant mutant, String code, String end, String equivalent, boolean covered, Duration took) {
        boolean died() {
            return !end.isEmpty();
        }
    }

    Trial(Scope scope, Equivalents equivalents, Wish wish, Consumer<String> progress) {
        this.scope = scope;
        this.equivalents = equivalents;
        this.wish = wish;
        this.progress = progress;
    }

    /** All mutants that are wanted, by chance. */
    List<Mutant> mutants() throws IOException {
        List<Mutant> all = new ArrayList<>();
        for (String name : scope.packages()) {
            for (String type : scope.types(name)) {
                boolean wanted = wish.only().isEmpty()
                        || name.endsWith("." + wish.only())
                        || (type + "$").startsWith(name + "." + wish.only() + "$");
                if (wanted) {
                    ClassSurgery.mutants(type).stream().filter(this::written).forEach(all::add);
                }
            }
        }
        Collections.shuffle(all, new Random(wish.seed()));
        int end = Math.min(all.size(), Math.min(wish.count(), wish.to()));
        return List.copyOf(all.subList(Math.min(wish.from() - 1, end), end));
    }

    /**
     * Somebody has written what is changed: what tells the alternatives of a switch apart, and whether there is anything to
     * close at the end of a block or of a {@code try} that opens something, is made by the compiler.
     */
    private boolean written(Mutant mutant) {
        String code = equivalents.code(mutant);
        boolean alternative = code.startsWith("case ") && !code.contains(" when ") && !code.contains("?");
        boolean end = code.equals("}") || code.startsWith("} catch (") || code.equals("} finally {");
        boolean opens = code.startsWith("try (") && !code.contains("?") && !code.contains("&&") && !code.contains("||");
        return !code.isEmpty()
                && !((alternative || end || opens) && mutant.operator().decides());
    }

    /** @throws IllegalStateException if a judge objects to what is not changed */
    List<Fate> run() throws IOException, InterruptedException {
        List<Mutant> mutants = mutants();
        Path directory = Files.createTempDirectory("scc-mutants-");
        try {
            Path agent = Bench.agent(directory);
            Jury jury = jury(agent);
            ConcurrentLinkedQueue<Mutant> left = new ConcurrentLinkedQueue<>(mutants);
            List<Fate> fates = Collections.synchronizedList(new ArrayList<>());
            together(wish.jobs(), () -> {
                try (Bench bench = new Bench(agent, scope.tests(), List.of())) {
                    Hearing hearing = new Hearing(jury, bench, wish.within());
                    for (Mutant mutant = left.poll(); mutant != null; mutant = left.poll()) {
                        Fate fate = fate(mutant, jury, hearing);
                        fates.add(fate);
                        tell(fate, fates.size(), mutants.size());
                    }
                }
            });
            fates.sort(Comparator.comparingInt(fate -> mutants.indexOf(fate.mutant())));
            return List.copyOf(fates);
        } finally {
            Files.deleteIfExists(directory.resolve("agent.jar"));
            Files.deleteIfExists(directory);
        }
    }

    private void tell(Fate fate, int done, int all) {
        String what = fate.mutant().where() + ": " + fate.mutant().operator().words + ": " + fate.code();
        String took = String.format(Locale.ROOT, " (%.1f s)", fate.took().toMillis() / 1e3);
        if (!fate.died() && fate.equivalent().isEmpty()) {
            progress.accept("survivor " + what + (fate.covered() ? took : " (nobody executes it)"));
        } else if (wish.all()) {
            progress.accept("died     " + what + took + ": " + fate.end());
        }
        if (done % 20 == 0) {
            progress.accept(done + " of " + all + " judged");
        }
    }

    private Fate fate(Mutant mutant, Jury jury, Hearing hearing) throws IOException, InterruptedException {
        String code = equivalents.code(mutant);
        String equivalent = equivalents.why(mutant).orElse("");
        boolean covered = !jury.judges(mutant, wish.within()).isEmpty();
        long start = System.nanoTime();
        String end = equivalent.isEmpty() ? hearing.objection(mutant) : "";
        return new Fate(mutant, code, end, equivalent, covered, Duration.ofNanos(System.nanoTime() - start));
    }

    /** Who executes what. Half of the processes run tests, the others seeds. */
    private Jury jury(Path agent) throws IOException, InterruptedException {
        Jury jury = new Jury();
        List<String> seeds =
                LongStream.rangeClosed(1, wish.seeds()).mapToObj(Judge::seed).toList();
        List<String> waiting = wish.slowTests() ? scope.judges(true) : List.of();
        ConcurrentLinkedQueue<Part> parts = new ConcurrentLinkedQueue<>(List.of(
                new Part("classes of tests that wait", alone(waiting), true),
                new Part("seeds", seeds.isEmpty() ? List.of() : List.of(seeds), false),
                new Part("classes of tests", alone(scope.judges(false)), false)));
        together(Math.min(2, wish.jobs()), () -> {
            for (Part part = parts.poll(); part != null; part = parts.poll()) {
                try (Bench bench = new Bench(agent, scope.tests(), scope.packages())) {
                    new Coverage(wish.kept(), bench, progress).fill(jury, part.kind(), part.judges(), part.waits());
                }
            }
        });
        return jury;
    }

    private record Part(String kind, List<List<String>> judges, boolean waits) {}

    private static List<List<String>> alone(List<String> judges) {
        return judges.stream().map(List::of).toList();
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void together(int jobs, Work work) throws IOException, InterruptedException {
        List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            threads.add(Thread.ofPlatform().name("judges-" + i).start(() -> {
                try {
                    work.run();
                } catch (IOException | InterruptedException | RuntimeException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("the judges cannot work: " + failures.getFirst(), failures.getFirst());
        }
    }
}
