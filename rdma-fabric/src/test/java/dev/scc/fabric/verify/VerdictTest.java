package dev.scc.fabric.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final int CASES = 300;

    @Test
    void whereAllPairsPassNobodyIsSuspect() {
        List<NodeName> nodes = ScheduleTest.nodes(6);

        Verdict verdict = Verdict.of(nodes, Pattern.FULL, results(nodes, Pattern.FULL, pair -> false));

        assertThat(verdict.ok()).isTrue();
        assertThat(verdict.pairs()).isEqualTo(15);
        assertThat(verdict.passed()).isEqualTo(15);
        assertThat(verdict.suspects()).isEmpty();
    }

    @Test
    void anySingleBadNodeIsNamed() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            Pattern pattern = random.nextBoolean() ? Pattern.FULL : Pattern.QUICK;
            List<NodeName> nodes = ScheduleTest.nodes(4 + random.nextInt(40));
            NodeName bad = nodes.get(random.nextInt(nodes.size()));

            Verdict verdict =
                    Verdict.of(nodes, pattern, shuffled(results(nodes, pattern, pair -> pair.has(bad)), random));

            assertThat(verdict.ok()).isFalse();
            assertThat(verdict.suspects())
                    .as("seed %d, bad node %s of %d, %s", seed, bad, nodes.size(), pattern)
                    .singleElement()
                    .satisfies(suspect -> {
                        assertThat(suspect.kind()).isEqualTo(Suspect.Kind.NODE);
                        assertThat(suspect.nodes()).containsExactly(bad);
                        assertThat(suspect.why()).contains("cable");
                    });
        }
    }

    @Test
    void ofThreeNodesTheBadOneIsNamedByEitherPattern() {
        List<NodeName> nodes = ScheduleTest.nodes(3);
        for (Pattern pattern : List.of(Pattern.FULL, Pattern.QUICK)) {
            for (NodeName bad : nodes) {
                Verdict verdict = Verdict.of(nodes, pattern, results(nodes, pattern, pair -> pair.has(bad)));

                assertThat(verdict.suspects())
                        .singleElement()
                        .satisfies(suspect -> assertThat(suspect.nodes()).containsExactly(bad));
            }
        }
    }

    @Test
    void anySingleBadPairNamesJustThatPair() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            Pattern pattern = random.nextBoolean() ? Pattern.FULL : Pattern.QUICK;
            List<NodeName> nodes = ScheduleTest.nodes(3 + random.nextInt(40));
            List<Pair> pairs = Schedule.of(nodes, pattern).pairs();
            Pair bad = pairs.get(random.nextInt(pairs.size()));

            Verdict verdict = Verdict.of(nodes, pattern, shuffled(results(nodes, pattern, bad::equals), random));

            assertThat(verdict.suspects())
                    .as("seed %d, bad pair %s of %d nodes, %s", seed, bad, nodes.size(), pattern)
                    .singleElement()
                    .satisfies(suspect -> {
                        assertThat(suspect.kind()).isEqualTo(Suspect.Kind.PAIR);
                        assertThat(suspect.nodes()).containsExactly(bad.active(), bad.passive());
                    });
        }
    }

    @Test
    void twoBadNodesAreBothNamedInALargerCluster() {
        List<NodeName> nodes = ScheduleTest.nodes(8);
        Set<NodeName> bad = Set.of(nodes.get(2), nodes.get(5));

        Verdict verdict = Verdict.of(
                nodes,
                Pattern.FULL,
                results(nodes, Pattern.FULL, pair -> bad.stream().anyMatch(pair::has)));

        assertThat(verdict.suspects())
                .allSatisfy(suspect -> assertThat(suspect.kind()).isEqualTo(Suspect.Kind.NODE));
        assertThat(verdict.suspects().stream().flatMap(suspect -> suspect.nodes().stream()))
                .containsExactlyInAnyOrderElementsOf(bad);
    }

    @Test
    void aNodeThatReportsNothingHasFailedItsPairs() {
        List<NodeName> nodes = ScheduleTest.nodes(4);
        List<ProbeResult> reported = new ArrayList<>(results(nodes, Pattern.FULL, pair -> false));
        Pair silent = Schedule.of(nodes, Pattern.FULL).pairs().getFirst();
        reported.removeIf(
                result -> result.a().equals(silent.active()) && result.b().equals(silent.passive()));

        Verdict verdict = Verdict.of(nodes, Pattern.FULL, reported);

        assertThat(verdict.failed())
                .singleElement()
                .satisfies(
                        result -> assertThat(result.why()).isEqualTo("node " + silent.active() + " reported nothing"));
    }

    @Test
    void whereNothingPassesTheFabricIsSuspectAndNoNode() {
        List<NodeName> nodes = ScheduleTest.nodes(5);

        Verdict verdict = Verdict.of(nodes, Pattern.FULL, results(nodes, Pattern.FULL, pair -> true));

        assertThat(verdict.suspects()).singleElement().satisfies(suspect -> {
            assertThat(suspect.kind()).isEqualTo(Suspect.Kind.FABRIC);
            assertThat(suspect.why()).contains("none of 10 pairs");
        });
    }

    @Test
    void ofTwoNodesNobodyCanTellWhichItIs() {
        List<NodeName> nodes = ScheduleTest.nodes(2);

        Verdict verdict = Verdict.of(nodes, Pattern.FULL, results(nodes, Pattern.FULL, pair -> true));

        assertThat(verdict.suspects())
                .singleElement()
                .satisfies(suspect -> assertThat(suspect.kind()).isEqualTo(Suspect.Kind.UNCLEAR));
    }

    @Test
    void whateverOneNodeReportsOrRefusesNoOtherIsSuspected() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 3 * CASES; i++) {
            Pattern pattern = random.nextBoolean() ? Pattern.FULL : Pattern.QUICK;
            List<NodeName> nodes = ScheduleTest.nodes(3 + random.nextInt(20));
            NodeName liar = nodes.get(random.nextInt(nodes.size()));
            int often = 1 + random.nextInt(3);
            List<ProbeResult> reported = new ArrayList<>();
            for (Pair pair : Schedule.of(nodes, pattern).pairs()) {
                if (!pair.has(liar) || random.nextInt(often) != 0) {
                    reported.add(ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING));
                } else if (!pair.active().equals(liar) || random.nextBoolean()) {
                    reported.add(ProbeResult.failed(pair, pair.passive() + " is to blame"));
                }
            }

            assertThat(Verdict.of(nodes, pattern, shuffled(reported, random)).suspects())
                    .as("seed %d, case %d, %s of %d, %s", seed, i, liar, nodes.size(), pattern)
                    .filteredOn(suspect -> suspect.kind() == Suspect.Kind.NODE)
                    .allSatisfy(suspect -> assertThat(suspect.nodes()).containsExactly(liar));
        }
    }

    @Test
    void whatSilentNodesWereToProbeSaysNothingOfTheOthers() {
        List<NodeName> nodes = ScheduleTest.nodes(4);
        Set<NodeName> silent = Set.of(nodes.get(0), nodes.get(1));
        List<ProbeResult> reported = new ArrayList<>(results(nodes, Pattern.QUICK, pair -> false));
        reported.removeIf(result -> silent.contains(result.a()));

        assertThat(Verdict.of(nodes, Pattern.QUICK, reported).suspects())
                .filteredOn(suspect -> suspect.kind() == Suspect.Kind.NODE)
                .allSatisfy(suspect -> assertThat(silent).containsAll(suspect.nodes()));
    }

    @Test
    void aFailedReportWinsOverAPassedOneOfTheSamePair() {
        List<NodeName> nodes = ScheduleTest.nodes(2);
        List<ProbeResult> both = new ArrayList<>(results(nodes, Pattern.FULL, pair -> false));
        both.addAll(results(nodes, Pattern.FULL, pair -> true));

        assertThat(Verdict.of(nodes, Pattern.FULL, both).ok()).isFalse();
        assertThat(Verdict.of(nodes, Pattern.FULL, both.reversed()).ok()).isFalse();
    }

    private static List<ProbeResult> results(List<NodeName> nodes, Pattern pattern, Predicate<Pair> bad) {
        return Schedule.of(nodes, pattern).pairs().stream()
                .map(pair -> bad.test(pair)
                        ? ProbeResult.failed(pair, "cable pulled")
                        : ProbeResult.passed(pair, new ProbeOutcome.Passed(700, 900, 9, 8, 500)))
                .toList();
    }

    private static List<ProbeResult> shuffled(List<ProbeResult> results, Random random) {
        List<ProbeResult> copy = new ArrayList<>(results);
        Collections.shuffle(copy, random);
        return copy;
    }
}
