package dev.scc.simulation.mutants;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Makes random mutants, has them judged, and tells how many have died and which have not. */
public final class Main {
    private Main() {}

    /** @param args what {@code tools/simulation/mutants} was called with */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.exit(run(args));
    }

    private static int run(String[] args) throws IOException, InterruptedException {
        Path repository = Path.of(System.getProperty("scc.repository", "."));
        Options options;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("tools/simulation/mutants: " + e.getMessage() + ". See tools/simulation/mutants --help");
            return 2;
        }
        Path built = repository.resolve(Path.of("cluster-builder", "target"));
        Scope scope =
                new Scope(directory("scc.classes", built, "classes"), directory("scc.tests", built, "test-classes"));
        Path kept = repository.resolve(Path.of("tools", "simulation", "target", "mutants"));
        Trial trial = new Trial(scope, Equivalents.read(repository), options.wish(kept), System.err::println);
        if (options.list()) {
            trial.mutants().forEach(mutant -> System.out.println(mutant.where() + " " + mutant.operator()));
            return 0;
        }
        if (trial.mutants().isEmpty()) {
            System.err.println("tools/simulation/mutants: there is nothing to mutate");
            return 2;
        }
        return tell(trial.run(), options.reach());
    }

    private static Path directory(String property, Path built, String name) {
        return Path.of(System.getProperty(property, built.resolve(name).toString()));
    }

    private static int tell(List<Trial.Fate> fates, double reach) {
        List<Trial.Fate> alive = fates.stream().filter(fate -> !fate.died()).toList();
        List<Trial.Fate> survivors =
                alive.stream().filter(fate -> fate.equivalent().isEmpty()).toList();
        alive.stream()
                .filter(fate -> !fate.equivalent().isEmpty())
                .forEach(fate -> System.out.println("equivalent "
                        + fate.mutant().where() + ": " + fate.mutant().operator().words + ": " + fate.equivalent()));
        survivors.forEach(
                fate -> System.out.println("survivor   " + fate.mutant().where() + ": "
                        + fate.mutant().operator().words + ": " + fate.code()
                        + (fate.covered() ? "" : " (nobody executes it)")));
        int judged = fates.size() - alive.size() + survivors.size();
        double score = judged == 0 ? 100 : 100.0 * (judged - survivors.size()) / judged;
        System.out.printf(
                Locale.ROOT,
                "%d of %d mutants died, %.1f %% (reach: %.0f %%); %d more are equivalent%n",
                judged - survivors.size(),
                judged,
                score,
                reach,
                alive.size() - survivors.size());
        return score >= reach ? 0 : 1;
    }
}
