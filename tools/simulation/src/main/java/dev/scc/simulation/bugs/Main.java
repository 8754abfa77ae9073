package dev.scc.simulation.bugs;

import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plants bugs, one after the other, and tells which seed finds each. */
public final class Main {
    private static final int SHOWN = 110;

    private Main() {}

    /** @param args what {@code tools/simulation/bugs} was called with */
    public static void main(String[] args) throws IOException {
        System.exit(run(args));
    }

    private static int run(String[] args) throws IOException {
        Path repository = Path.of(System.getProperty("scc.repository", "."));
        int seeds = 1000;
        int jobs = Runtime.getRuntime().availableProcessors();
        boolean list = false;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seeds" -> seeds = Integer.parseInt(args[++i]);
                case "--jobs" -> jobs = Integer.parseInt(args[++i]);
                case "--list" -> list = true;
                default -> names.add(args[i]);
            }
        }
        List<Bug> all = BugList.read(repository);
        for (String name : names) {
            if (all.stream().noneMatch(bug -> bug.name().equals(name))) {
                System.err.println("tools/simulation/bugs: no planted bug is called " + name + "; --list names them");
                return 2;
            }
        }
        List<Bug> bugs = all.stream()
                .filter(bug -> names.isEmpty() || names.contains(bug.name()))
                .toList();
        if (list) {
            bugs.forEach(bug -> System.out.printf(Locale.ROOT, "%-40s %s%n", bug.name(), bug.breaks()));
            return 0;
        }
        return hunt(repository, bugs, seeds, jobs, names.isEmpty());
    }

    /** @param control first run the simulation without any bug: what fails then is not found by a seed, it is broken */
    private static int hunt(Path repository, List<Bug> bugs, int seeds, int jobs, boolean control) throws IOException {
        String classpath = System.getProperty("java.class.path");
        Hunt hunt = new Hunt(classpath, seeds, jobs);
        Path directory = Files.createTempDirectory("scc-bugs-");
        int found = 0;
        try (Workshop workshop = new Workshop(repository, classpath)) {
            if (control) {
                Hunt.Catch nothing = hunt.find(directory);
                System.out.printf(Locale.ROOT, "%-40s %s%n", "(nothing planted)", nothing.says());
                if (!nothing.quiet()) {
                    return 1;
                }
            }
            for (Bug bug : bugs) {
                Path classes = directory.resolve(bug.name());
                workshop.make(bug, classes);
                Hunt.Catch caught = hunt.find(classes);
                String where =
                        caught.seed().isPresent() ? "seed " + caught.seed().getAsLong() : "NOT FOUND";
                found += caught.seed().isPresent() ? 1 : 0;
                System.out.printf(Locale.ROOT, "%-40s %-10s %s%n", bug.name(), where, brief(caught.says()));
            }
        } finally {
            FileTree.remove(directory);
        }
        System.out.printf(Locale.ROOT, "%d of %d planted bugs found within %d seeds%n", found, bugs.size(), seeds);
        return found == bugs.size() ? 0 : 1;
    }

    private static String brief(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
