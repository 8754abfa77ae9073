package dev.scc.simulation.mutants;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
        Path built = repository.resolve(Path.of("cluster-builder", "target"));
        Path classes = Path.of(
                System.getProperty("scc.classes", built.resolve("classes").toString()));
        Path tests = Path.of(
                System.getProperty("scc.tests", built.resolve("test-classes").toString()));
        int count = 300;
        long seed = 1;
        String only = "";
        int seeds = 300;
        boolean quick = false;
        boolean list = false;
        boolean all = false;
        long within = 30;
        int from = 1;
        int to = Integer.MAX_VALUE;
        double reach = 90;
        int jobs = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--count" -> count = Integer.parseInt(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--only" -> only = args[++i];
                case "--seeds" -> seeds = Integer.parseInt(args[++i]);
                case "--quick" -> quick = true;
                case "--within" -> within = Long.parseLong(args[++i]);
                case "--range" -> {
                    String[] ends = args[++i].split("\\.\\.", 2);
                    from = Integer.parseInt(ends[0]);
                    to = Integer.parseInt(ends[1]);
                }
                case "--all" -> all = true;
                case "--list" -> list = true;
                case "--reach" -> reach = Double.parseDouble(args[++i]);
                case "--jobs" -> jobs = Integer.parseInt(args[++i]);
                default -> {
                    System.err.println("tools/simulation/mutants: what is \"" + args[i]
                            + "\"? See tools/simulation/mutants --help");
                    return 2;
                }
            }
        }
        Trial.Wish wish = new Trial.Wish(
                count,
                seed,
                from,
                to,
                only,
                seeds,
                !quick,
                Duration.ofSeconds(within),
                jobs,
                all,
                repository.resolve(Path.of("tools", "simulation", "target", "mutants")));
        Trial trial = new Trial(new Scope(classes, tests), Equivalents.read(repository), wish, System.err::println);
        if (list) {
            trial.mutants().forEach(mutant -> System.out.println(mutant.where() + " " + mutant.operator()));
            return 0;
        }
        return tell(trial.run(), reach);
    }

    private static int tell(List<Trial.Fate> fates, double reach) {
        if (fates.isEmpty()) {
            System.err.println("tools/simulation/mutants: there is nothing to mutate");
            return 2;
        }
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
