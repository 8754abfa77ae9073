package dev.scc.simulation.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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
     * @param only simple name of a package or of a class; empty for all
     * @param seeds of the simulation, from 1
     * @param slowTests whether tests that need a real ZooKeeper judge, too
     */
    record Wish(int count, long seed, String only, int seeds, boolean slowTests, int jobs, Duration patience) {}

    /**
     * What became of one.
     *
     * @param end who has killed it and how; empty if it has survived
     * @param equivalent why that is no wonder; empty if it is one
     */
    record Fate(Mutant mutant, String code, String end, String equivalent, boolean covered) {
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
        return List.copyOf(all.subList(0, Math.min(wish.count(), all.size())));
    }

    /** Somebody has written what is changed: what tells the alternatives of a switch apart is made by the compiler. */
    private boolean written(Mutant mutant) {
        String code = equivalents.code(mutant);
        boolean alternative = code.startsWith("case ") && !code.contains(" when ") && !code.contains("?");
        return !code.isEmpty() && !(alternative && mutant.operator().decides());
    }

    /** @throws IllegalStateException if a judge objects to what is not changed */
    List<Fate> run() throws IOException, InterruptedException {
        List<Mutant> mutants = mutants();
        Path directory = Files.createTempDirectory("scc-mutants-");
        try {
            Path agent = Bench.agent(directory);
            Coverage coverage = cover(agent);
            ConcurrentLinkedQueue<Mutant> left = new ConcurrentLinkedQueue<>(mutants);
            List<Fate> fates = Collections.synchronizedList(new ArrayList<>());
            together(wish.jobs(), () -> {
                try (Bench bench = new Bench(agent, scope.tests(), List.of(), wish.patience())) {
                    for (Mutant mutant = left.poll(); mutant != null; mutant = left.poll()) {
                        Fate fate = fate(mutant, coverage, bench);
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
        if (!fate.died() && fate.equivalent().isEmpty()) {
            progress.accept(
                    "survivor " + fate.mutant().where() + ": " + fate.mutant().operator().words + ": " + fate.code()
                            + (fate.covered() ? "" : " (nobody executes it)"));
        } else if (done % 20 == 0) {
            progress.accept(done + " of " + all + " judged");
        }
    }

    private Fate fate(Mutant mutant, Coverage coverage, Bench bench) throws IOException, InterruptedException {
        List<String> judges = coverage.judges(mutant);
        String code = equivalents.code(mutant);
        String equivalent = equivalents.why(mutant).orElse("");
        if (judges.isEmpty() || !equivalent.isEmpty()) {
            return new Fate(mutant, code, "", equivalent, !judges.isEmpty());
        }
        String order = mutant.type() + "\t" + mutant.method() + "\t" + mutant.element() + "\t" + mutant.operator()
                + "\t" + String.join("\t", judges);
        return new Fate(mutant, code, bench.judge(order, _ -> {}), "", true);
    }

    /** Which judge executes what. Half of the processes run tests, the others seeds. */
    private Coverage cover(Path agent) throws IOException, InterruptedException {
        Coverage coverage = new Coverage();
        List<String> tests = scope.judges(wish.slowTests());
        List<String> seeds = LongStream.rangeClosed(1, wish.seeds())
                .mapToObj(seed -> "seed-" + seed)
                .toList();
        progress.accept(tests.size() + " test classes and " + seeds.size() + " seeds judge");
        ConcurrentLinkedQueue<List<String>> parts = new ConcurrentLinkedQueue<>(
                Stream.of(tests, seeds).filter(part -> !part.isEmpty()).toList());
        List<String> objections = Collections.synchronizedList(new ArrayList<>());
        together(Math.min(2, wish.jobs()), () -> {
            for (List<String> part = parts.poll(); part != null; part = parts.poll()) {
                try (Bench bench = new Bench(
                        agent, scope.tests(), scope.packages(), wish.patience().multipliedBy(4))) {
                    String objection = bench.judge("\t\t\t\t" + String.join("\t", part), coverage::add);
                    if (!objection.isEmpty()) {
                        objections.add(objection);
                    }
                }
            }
        });
        if (!objections.isEmpty()) {
            throw new IllegalStateException("nothing is changed yet, and somebody objects: " + objections);
        }
        return coverage;
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
