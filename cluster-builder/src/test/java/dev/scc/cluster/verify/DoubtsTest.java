package dev.scc.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DoubtsTest {
    private final Doubts doubts = new Doubts();
    private final Map<NodeName, String> known = new HashMap<>();

    private static Pair pair(int one, int other) {
        return new Pair(new NodeName("n" + one), new NodeName("n" + other));
    }

    private void passed(int one, int other) {
        known.putAll(doubts.after(ProbeResult.passed(pair(one, other), ProbeOutcome.Passed.NOTHING)));
    }

    private void failed(int one, int other) {
        known.putAll(doubts.after(ProbeResult.failed(pair(one, other), "no answer")));
    }

    @Test
    void aNodeThatFailsWithThreeWhoAreWellWithOthersIsNotWaitedFor() {
        passed(2, 3);
        failed(1, 2);
        failed(3, 1);
        failed(1, 4);
        assertThat(known).isEmpty();

        passed(4, 5);

        assertThat(known)
                .containsExactly(
                        Map.entry(new NodeName("n1"), "not tried: n1 failed with n2, n3, n4, and passed with nobody"));
    }

    @Test
    void aNodeThatPassedWithOneIsWaitedFor() {
        passed(2, 3);
        passed(4, 1);
        failed(1, 2);
        failed(3, 1);
        failed(1, 5);
        passed(5, 2);

        assertThat(known).isEmpty();
    }

    @Test
    void oneNodeAloneGetsNoOtherPassedOver() {
        for (int other = 2; other <= 9; other++) {
            passed(other, other + 1);
        }
        for (int other = 2; other <= 9; other++) {
            failed(1, other);
        }

        assertThat(known).containsOnlyKeys(new NodeName("n1"));
    }

    @Test
    void whatWasNotTriedProvesNothing() {
        passed(2, 3);
        passed(4, 5);
        for (int other = 2; other <= 5; other++) {
            known.putAll(doubts.after(ProbeResult.notTried(pair(1, other), "its agent is gone")));
        }

        assertThat(known).isEmpty();
    }

    @Test
    void inWhateverOrderTheyComeExactlyTheDeadAreFound() {
        Random random = new Random(7);
        for (int times = 0; times < 200; times++) {
            int nodes = 6 + random.nextInt(20);
            int dead = random.nextInt(3);
            List<Pair> pairs = new ArrayList<>();
            for (int one = 0; one < nodes; one++) {
                for (int other = one + 1; other < nodes; other++) {
                    pairs.add(pair(one, other));
                }
            }
            Collections.shuffle(pairs, random);
            Doubts fresh = new Doubts();
            Map<NodeName, String> found = new HashMap<>();
            for (Pair pair : pairs) {
                boolean fails = List.of(pair.active(), pair.passive()).stream()
                        .anyMatch(node -> Integer.parseInt(node.value().substring(1)) < dead);
                found.putAll(fresh.after(
                        fails
                                ? ProbeResult.failed(pair, "no answer")
                                : ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING)));
            }
            assertThat(found.keySet()).as("%d dead of %d", dead, nodes).hasSize(dead);
        }
    }
}
