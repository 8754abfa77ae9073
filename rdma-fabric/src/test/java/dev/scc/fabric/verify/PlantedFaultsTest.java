package dev.scc.fabric.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fabrics in which up to three things are wrong at once: all are named, each as what it is, and nothing else is. */
class PlantedFaultsTest {

    /** @param nodes one, or the two ends of a pair */
    private record Fault(boolean slow, Set<NodeName> nodes) {
        boolean hits(Pair pair) {
            return nodes.size() == 1
                    ? pair.has(nodes.iterator().next())
                    : nodes.equals(Set.of(pair.active(), pair.passive()));
        }

        Suspect.Kind kind() {
            return nodes.size() == 2 ? Suspect.Kind.PAIR : slow ? Suspect.Kind.LINK : Suspect.Kind.NODE;
        }
    }

    private record Named(Suspect.Kind kind, Set<NodeName> nodes) {
        static Named of(Suspect suspect) {
            return new Named(suspect.kind(), Set.copyOf(suspect.nodes()));
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 600", "64, 350", "256, 40", "1024, 3"})
    void allAreFoundAndNothingElse(int size, int cases) {
        long first = Long.getLong("seed", 1);
        List<NodeName> nodes = ScheduleTest.nodes(size);
        List<Pair> pairs = Schedule.of(nodes, Pattern.FULL).pairs();
        for (long seed = first; seed < first + cases; seed++) {
            Random random = new Random(seed);
            List<Fault> faults = faults(nodes, random);

            List<ProbeResult> results =
                    pairs.stream().map(pair -> result(pair, faults, random)).toList();
            List<Suspect> suspects =
                    new ArrayList<>(Verdict.judged(Pattern.FULL, results).suspects());
            suspects.addAll(Slowness.of(results, Thresholds.HARDWARE));

            assertThat(suspects.stream().map(Named::of))
                    .as("seed %d, %d nodes, %s", seed, size, faults)
                    .containsExactlyInAnyOrderElementsOf(faults.stream()
                            .map(fault -> new Named(fault.kind(), fault.nodes()))
                            .toList());
        }
    }

    /** Up to three, of different nodes. */
    private static List<Fault> faults(List<NodeName> nodes, Random random) {
        List<NodeName> shuffled = new ArrayList<>(nodes);
        Collections.shuffle(shuffled, random);
        List<Fault> faults = new ArrayList<>();
        int many = random.nextInt(4);
        for (int i = 0; i < many; i++) {
            int ends = 1 + random.nextInt(2);
            faults.add(new Fault(random.nextBoolean(), new HashSet<>(shuffled.subList(2 * i, 2 * i + ends))));
        }
        return faults;
    }

    private static ProbeResult result(Pair pair, List<Fault> faults, Random random) {
        double latency = 2.5 * (0.85 + 0.3 * random.nextDouble());
        boolean slow = false;
        for (Fault fault : faults) {
            if (fault.hits(pair)) {
                if (!fault.slow()) {
                    return ProbeResult.failed(pair, "no answer in 5 s");
                }
                slow = true;
            }
        }
        return ProbeResult.passed(
                pair, new ProbeOutcome.Passed(slow ? 4 * latency : latency, 10, slow ? 3000 : 11_000, 10_000, 300));
    }
}
