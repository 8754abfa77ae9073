package dev.scc.simulation.mutants;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All judges: which lines each executes, how long it takes, how often it has objected. Safe for use by several threads. */
final class Jury {
    /** What is expected of a test before anything is known of it: one mutant of five that it executes. */
    private static final double EXPECTED = 0.2;

    private final Map<String, Record> records = new TreeMap<>();
    private final Map<String, List<Record>> byLine = new HashMap<>();
    /** Seeds are alike: one record for all of them. */
    private final Experience seeds = new Experience();

    /** How often somebody has judged, and objected. */
    private static final class Experience {
        private int judged;
        private int objected;

        double probability() {
            return (objected + EXPECTED) / (judged + 1);
        }
    }

    private static final class Record {
        private final Judge judge;
        private final Experience experience;
        private double millis;

        Record(Judge judge, Experience experience, double millis) {
            this.judge = judge;
            this.experience = experience;
            this.millis = millis;
        }
    }

    private record Turn(Judge judge, double cost) {}

    /** A judge is there, who executes these lines. */
    synchronized void add(Judge judge, Duration usual, List<String> lines) {
        Record one = new Record(judge, judge.isSeed() ? seeds : new Experience(), usual.toMillis());
        records.put(judge.name(), one);
        lines.forEach(line ->
                byLine.computeIfAbsent(line, _ -> new ArrayList<>()).add(one));
    }

    /** How it takes usually. */
    synchronized Duration usual(Judge judge) {
        return Duration.ofMillis((long) records.get(judge.name()).millis);
    }

    /** It has judged, and this is how long that took. */
    synchronized void judged(Judge judge, boolean objects, Duration took) {
        Record one = records.get(judge.name());
        one.experience.judged++;
        one.experience.objected += objects ? 1 : 0;
        one.millis = objects ? one.millis : (one.millis + took.toMillis()) / 2;
    }

    /**
     * Those that execute the mutant's line, in the order in which an objection is found soonest. Each seed that has not
     * objected makes it less probable that the next one does.
     */
    synchronized List<Judge> judges(Mutant mutant) {
        List<Turn> turns = new ArrayList<>();
        int earlier = 0;
        for (Record one : byLine.getOrDefault(mutant.covered(), List.of())) {
            double probability = one.experience.probability();
            if (one.judge.isSeed()) {
                probability = Math.max(probability, EXPECTED / 4) / (1 + earlier++ / 3.0);
            }
            turns.add(new Turn(one.judge, (1 + one.millis) / probability));
        }
        return turns.stream()
                .sorted(Comparator.comparingDouble(Turn::cost))
                .map(Turn::judge)
                .toList();
    }
}
