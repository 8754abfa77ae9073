package dev.scc.simulation.mutants;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** All judges: which lines each executes, how long it takes, how often it has objected. Safe for use by several threads. */
final class Jury {
    /** What is expected of a test before anything is known of it: one mutant of five that it executes. */
    private static final double EXPECTED = 0.2;

    /** The least that is expected of a test of the mutant's own package. */
    private static final double EXPECTED_OF_ITS_OWN = 0.5;

    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, List<Member>> byLine = new HashMap<>();
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

    private static final class Member {
        private final Judge judge;
        private final Experience experience;
        private double millis;

        Member(Judge judge, Experience experience, double millis) {
            this.judge = judge;
            this.experience = experience;
            this.millis = millis;
        }
    }

    private record Turn(Judge judge, double cost) {}

    /** A judge is there, who executes these lines. */
    synchronized void add(Judge judge, Duration usual, List<String> lines) {
        Member one = new Member(judge, judge.isSeed() ? seeds : new Experience(), usual.toMillis());
        members.put(judge.name(), one);
        lines.forEach(
                line -> byLine.computeIfAbsent(line, _ -> new ArrayList<>()).add(one));
    }

    private Member member(Judge judge) {
        return Objects.requireNonNull(members.get(judge.name()));
    }

    /** How long it takes. */
    synchronized Duration usual(Judge judge) {
        return Duration.ofMillis((long) member(judge).millis);
    }

    /** It has judged, and this is how long that took. */
    synchronized void judged(Judge judge, boolean objects, Duration took) {
        Member one = member(judge);
        one.experience.judged++;
        one.experience.objected += objects ? 1 : 0;
        one.millis = objects ? one.millis : (one.millis + took.toMillis()) / 2;
    }

    /**
     * Those that execute the mutant's line, in the order in which an objection is found soonest. Each seed that has not
     * objected makes it less probable that the next one does.
     *
     * @param within how long they may take together, as they usually do; the first is always among them
     */
    synchronized List<Judge> judges(Mutant mutant, Duration within) {
        List<Turn> turns = new ArrayList<>();
        int earlier = 0;
        for (Member one : byLine.getOrDefault(mutant.covered(), List.of())) {
            double probability = one.experience.probability();
            if (one.judge.isSeed()) {
                probability = Math.max(probability, EXPECTED / 4) / (1 + earlier++ / 3.0);
            } else if (one.judge.name().startsWith(mutant.inPackage() + ".")) {
                probability = Math.max(probability, EXPECTED_OF_ITS_OWN);
            }
            turns.add(new Turn(one.judge, (1 + one.millis) / probability));
        }
        turns.sort(Comparator.comparingDouble(Turn::cost));
        List<Judge> judges = new ArrayList<>();
        double millis = 0;
        for (Turn turn : turns) {
            millis += member(turn.judge()).millis;
            if (judges.isEmpty() || millis <= within.toMillis()) {
                judges.add(turn.judge());
            }
        }
        return List.copyOf(judges);
    }
}
