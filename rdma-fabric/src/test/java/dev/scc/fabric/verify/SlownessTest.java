package dev.scc.fabric.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SlownessTest {
    private static final int CASES = 300;

    @Test
    void noisePointsAtNobody() {
        each((random, seed) -> {
            List<NodeName> nodes = nodes(random);

            assertThat(Slowness.of(results(nodes, _ -> false, random), Thresholds.HARDWARE))
                    .as("seed %d, %d nodes", seed, nodes.size())
                    .isEmpty();
        });
    }

    @Test
    void aNodeThatIsSlowWithEverybodyHasABadLink() {
        each((random, seed) -> {
            List<NodeName> nodes = nodes(random);
            NodeName slow = nodes.get(random.nextInt(nodes.size()));

            assertThat(Slowness.of(results(nodes, pair -> pair.has(slow), random), Thresholds.HARDWARE))
                    .as("seed %d, %s of %d", seed, slow, nodes.size())
                    .singleElement()
                    .satisfies(suspect -> {
                        assertThat(suspect.kind()).isEqualTo(Suspect.Kind.LINK);
                        assertThat(suspect.nodes()).containsExactly(slow);
                        assertThat(suspect.why())
                                .startsWith("slow with %d of %1$d partners".formatted(nodes.size() - 1))
                                .contains("usual");
                    });
        });
    }

    @Test
    void twoThatAreSlowOnlyWithEachOtherAreABadPair() {
        each((random, seed) -> {
            List<NodeName> nodes = nodes(random);
            List<Pair> pairs = Schedule.of(nodes, Pattern.FULL).pairs();
            Pair slow = pairs.get(random.nextInt(pairs.size()));

            assertThat(Slowness.of(results(nodes, slow::equals, random), Thresholds.HARDWARE))
                    .as("seed %d, %s of %d", seed, slow, nodes.size())
                    .singleElement()
                    .satisfies(suspect -> {
                        assertThat(suspect.kind()).isEqualTo(Suspect.Kind.PAIR);
                        assertThat(suspect.nodes()).containsExactly(slow.active(), slow.passive());
                    });
        });
    }

    @Test
    void twoNodesHaveNothingToBeComparedWith() {
        List<NodeName> nodes = ScheduleTest.nodes(2);

        assertThat(Slowness.of(results(nodes, _ -> true, new Random(1)), Thresholds.HARDWARE))
                .isEmpty();
    }

    @Test
    void aVerificationDoesNotDifferFromItself() {
        List<NodeName> nodes = ScheduleTest.nodes(6);
        List<ProbeResult> results = results(nodes, pair -> pair.has(nodes.getFirst()), new Random(1));

        assertThat(Difference.between(results, results, Thresholds.HARDWARE)).isEmpty();
    }

    @Test
    void whatBecameSlowerOrFailsSinceIsADifference() {
        List<NodeName> nodes = ScheduleTest.nodes(3);
        List<Pair> pairs = Schedule.of(nodes, Pattern.FULL).pairs();
        NodeName formerlyPassive = pairs.get(1).passive();
        Pair turned = new Pair(formerlyPassive, pairs.get(1).other(formerlyPassive));
        List<ProbeResult> was = List.of(
                ProbeResult.passed(pairs.get(0), new ProbeOutcome.Passed(2, 3, 1000, 900, 1)),
                ProbeResult.passed(pairs.get(1), new ProbeOutcome.Passed(2, 3, 1000, 900, 1)),
                ProbeResult.failed(pairs.get(2), "cable"));
        List<ProbeResult> now = List.of(
                ProbeResult.passed(pairs.get(0), new ProbeOutcome.Passed(5, 9, 1000, 400, 1)),
                ProbeResult.failed(turned, "no answer"),
                ProbeResult.passed(pairs.get(2), new ProbeOutcome.Passed(2, 3, 1000, 900, 1)));

        assertThat(Difference.between(was, now, Thresholds.HARDWARE))
                .extracting(Difference::figure, Difference::worse, Difference::was, Difference::now)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Difference.Figure.LATENCY, true, "2.0 us", "5.0 us"),
                        org.assertj.core.groups.Tuple.tuple(Difference.Figure.READ, true, "900.0 MB/s", "400.0 MB/s"),
                        org.assertj.core.groups.Tuple.tuple(Difference.Figure.RESULT, true, "ok", "failed: no answer"),
                        org.assertj.core.groups.Tuple.tuple(Difference.Figure.RESULT, false, "failed: cable", "ok"));
    }

    private interface Case {
        void run(Random random, long seed);
    }

    private static void each(Case one) {
        long first = Long.getLong("seed", 1);
        for (long seed = first; seed < first + CASES; seed++) {
            one.run(new Random(seed), seed);
        }
    }

    private static List<NodeName> nodes(Random random) {
        return ScheduleTest.nodes(3 + random.nextInt(30));
    }

    /** Slow ones by a factor of 3 in latency or bandwidth, and everything with noise of up to 15 %. */
    private static List<ProbeResult> results(List<NodeName> nodes, Predicate<Pair> slow, Random random) {
        boolean latency = random.nextBoolean();
        return Schedule.of(nodes, Pattern.FULL).pairs().stream()
                .map(pair -> {
                    double times = slow.test(pair) ? 3 : 1;
                    double p50 = noise(random) * (latency ? times : 1) * 2.5;
                    double write = noise(random) * 10_000 / (latency ? 1 : times);
                    return ProbeResult.passed(
                            pair, new ProbeOutcome.Passed(p50, p50 * 2, write, noise(random) * 9_000, 300));
                })
                .toList();
    }

    private static double noise(Random random) {
        return 0.85 + 0.3 * random.nextDouble();
    }
}
