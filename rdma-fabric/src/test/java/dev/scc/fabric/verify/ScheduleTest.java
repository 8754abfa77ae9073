package dev.scc.fabric.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.NodeName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    static List<NodeName> nodes(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new NodeName("n" + i))
                .toList();
    }

    @Test
    void fullProbesEveryPairOnceInTheFewestRounds() {
        for (int n = 2; n <= 33; n++) {
            Schedule schedule = Schedule.of(nodes(n), Pattern.FULL);

            assertThat(schedule.rounds()).hasSize(n % 2 == 0 ? n - 1 : n);
            assertThat(unordered(schedule)).hasSize(n * (n - 1) / 2);
            assertThat(schedule.pairs()).hasSize(n * (n - 1) / 2);
        }
    }

    @Test
    void quickConnectsAllNodesInAboutLogarithmicallyManyRounds() {
        for (int n = 2; n <= 130; n++) {
            Schedule schedule = Schedule.of(nodes(n), Pattern.QUICK);

            int log = n == 3 ? 3 : (int) Math.ceil(Math.log(n) / Math.log(2));
            assertThat(schedule.rounds()).as("%d nodes", n).hasSize(log);
            assertThat(schedule.rounds())
                    .as("%d nodes", n)
                    .allSatisfy(round -> assertThat(round).isNotEmpty());
            for (List<Pair> round : schedule.rounds()) {
                assertThat(round).as("%d nodes", n).hasSize(n / 2);
            }
            assertThat(reachedFromTheFirst(schedule)).as("%d nodes", n).isEqualTo(n);
            assertThat(unordered(schedule)).hasSameSizeAs(schedule.pairs());
        }
    }

    @Test
    void sidesAreDealtEvenly() {
        for (int n = 4; n <= 33; n++) {
            Schedule schedule = Schedule.of(nodes(n), Pattern.FULL);

            for (NodeName node : nodes(n)) {
                long active = schedule.pairs().stream()
                        .filter(pair -> pair.active().equals(node))
                        .count();
                assertThat(active).as("%s of %d", node, n).isBetween((n - 1) / 2L - 1, (n - 1) / 2L + 1);
            }
        }
    }

    @Test
    void everyNodeWorksOutItsOwnPart() {
        Schedule schedule = Schedule.of(nodes(5), Pattern.FULL);

        for (int round = 0; round < 5; round++) {
            int current = round;
            long busy = nodes(5).stream()
                    .filter(node -> schedule.of(node, current).isPresent())
                    .count();
            assertThat(busy).isEqualTo(4);
        }
    }

    @Test
    void oneNodeOrNoPatternMeansNoRounds() {
        assertThat(Schedule.of(nodes(1), Pattern.FULL).rounds()).isEmpty();
        assertThat(Schedule.of(List.of(), Pattern.QUICK).rounds()).isEmpty();
        assertThat(Schedule.of(nodes(8), Pattern.OFF).rounds()).isEmpty();
    }

    @Test
    void aNodeListedTwiceIsRefused() {
        NodeName n1 = new NodeName("n1");

        assertThatThrownBy(() -> Schedule.of(List.of(n1, n1), Pattern.FULL)).hasMessageContaining("twice");
    }

    private static Set<Set<NodeName>> unordered(Schedule schedule) {
        Set<Set<NodeName>> pairs = new HashSet<>();
        schedule.pairs().forEach(pair -> pairs.add(Set.of(pair.active(), pair.passive())));
        return pairs;
    }

    private static int reachedFromTheFirst(Schedule schedule) {
        Map<NodeName, Set<NodeName>> partners = new HashMap<>();
        for (Pair pair : schedule.pairs()) {
            partners.computeIfAbsent(pair.active(), any -> new HashSet<>()).add(pair.passive());
            partners.computeIfAbsent(pair.passive(), any -> new HashSet<>()).add(pair.active());
        }
        Set<NodeName> reached = new HashSet<>(Set.of(new NodeName("n1")));
        ArrayDeque<NodeName> next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            for (NodeName partner : partners.getOrDefault(next.remove(), Set.of())) {
                if (reached.add(partner)) {
                    next.add(partner);
                }
            }
        }
        return reached.size();
    }
}
