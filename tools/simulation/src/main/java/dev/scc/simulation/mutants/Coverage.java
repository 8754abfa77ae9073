package dev.scc.simulation.mutants;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which judge executes which lines, and how long it takes. Safe for use by several threads. */
final class Coverage {
    private final Map<String, List<Judge>> byLine = new HashMap<>();

    private record Judge(String name, long millis) {}

    /** @param said the judge's name, the time that it took in milliseconds, and the lines, with blanks between them */
    synchronized void add(String said) {
        List<String> words = List.of(said.split(" "));
        Judge judge = new Judge(words.getFirst(), Long.parseLong(words.get(1)));
        words.subList(2, words.size())
                .forEach(line ->
                        byLine.computeIfAbsent(line, _ -> new ArrayList<>()).add(judge));
    }

    /** Those that execute the mutant's line, the fastest first. */
    synchronized List<String> judges(Mutant mutant) {
        return byLine.getOrDefault(mutant.covered(), List.of()).stream()
                .sorted(Comparator.comparingLong(Judge::millis))
                .map(Judge::name)
                .toList();
    }
}
