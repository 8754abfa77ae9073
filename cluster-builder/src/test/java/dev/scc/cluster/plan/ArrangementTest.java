package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Arrange;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ArrangementTest {
    private static Node inRack(int number, String rack) {
        Node node = Worlds.node(number, new Assignment.Free(1, 0), true);
        NodeRecord record = new NodeRecord(
                node.name(),
                node.record().value().machine(),
                Map.of("rack", rack),
                Optional.empty(),
                Health.good(),
                Optional.empty(),
                Optional.empty());
        return new Node(new Held<>(record, 1), node.assignment(), node.status(), node.inventory(), node.alive());
    }

    private static String rack(Node node) {
        return node.record().value().labels().getOrDefault("rack", "");
    }

    private static ClusterSpec spec(int nodes, Arrange.How how) {
        return ClusterSpec.of("demo", nodes).withArrange(how, "rack");
    }

    /** How many of the nodes are in each rack. */
    private static Map<String, Integer> count(List<Node> nodes) {
        Map<String, Integer> racks = new TreeMap<>();
        nodes.forEach(node -> racks.merge(rack(node), 1, Integer::sum));
        return racks;
    }

    @Test
    void whoIsPresentAlreadyDecidesWhereOthersGo() {
        List<Node> pool = List.of(inRack(2, "a"), inRack(3, "b"));
        List<Node> present = List.of(inRack(1, "b"));

        assertThat(Arrangement.choose(spec(1, Arrange.How.PACK), pool, present)).containsExactly(pool.get(1));
        assertThat(Arrangement.choose(spec(1, Arrange.How.SPREAD), pool, present))
                .containsExactly(pool.get(0));
        List<Node> larger = List.of(pool.get(0), pool.get(1), inRack(4, "a"));
        assertThat(Arrangement.choose(spec(1, Arrange.How.PACK), larger, List.of(inRack(1, "a"))))
                .containsExactly(pool.get(0));
        assertThat(Arrangement.choose(spec(1, Arrange.How.SPREAD), pool, List.of(inRack(1, "a"))))
                .containsExactly(pool.get(1));
    }

    /** The smallest rack that holds all that is still wanted: no other is cut for it. */
    @Test
    void whatIsLeftGoesWhereItJustFits() {
        List<Node> pool = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            pool.add(inRack(i, "large"));
        }
        pool.add(inRack(6, "middle"));
        pool.add(inRack(7, "middle"));
        pool.add(inRack(8, "middle"));
        pool.add(inRack(9, "small"));
        pool.add(inRack(10, "small"));

        assertThat(count(Arrangement.choose(spec(7, Arrange.How.PACK), pool, List.of())))
                .isEqualTo(Map.of("large", 5, "small", 2));
        assertThat(count(Arrangement.choose(spec(8, Arrange.How.PACK), pool, List.of())))
                .isEqualTo(Map.of("large", 5, "middle", 3));
    }

    @Test
    void anyPoolIsSpreadEvenlyAndPackedTightly() {
        for (int i = 1; i <= 500; i++) {
            long seed = i;
            Random random = new Random(seed);
            List<Node> pool = new ArrayList<>();
            int racks = 1 + random.nextInt(5);
            int size = 3 + random.nextInt(20);
            for (int node = 1; node <= size; node++) {
                pool.add(inRack(node, "r" + random.nextInt(racks)));
            }
            int wanted = 1 + random.nextInt(pool.size());

            List<Node> spread = Arrangement.choose(spec(wanted, Arrange.How.SPREAD), pool, List.of());
            List<Node> packed = Arrangement.choose(spec(wanted, Arrange.How.PACK), pool, List.of());

            for (List<Node> chosen : List.of(spread, packed)) {
                assertThat(chosen).as("seed %d", seed).hasSize(wanted);
                assertThat(new HashSet<>(chosen)).as("seed %d", seed).hasSize(wanted);
                assertThat(chosen).as("seed %d", seed).isSortedAccordingTo(Comparator.comparing(Node::name));
            }
            Map<String, Integer> all = count(pool);
            Map<String, Integer> even = count(spread);
            int most = Collections.max(even.values());
            // A rack may have fewer than the others by more than one only if it has no more.
            all.forEach((rack, there) -> assertThat(even.getOrDefault(rack, 0))
                    .as("seed %d, rack %s", seed, rack)
                    .isGreaterThanOrEqualTo(Math.min(there, most - 1)));
            assertThat(count(packed)).as("seed %d", seed).hasSize(fewest(all, wanted));
        }
    }

    /** The fewest racks that hold that many nodes: the largest first. */
    private static int fewest(Map<String, Integer> racks, int wanted) {
        List<Integer> sizes = new ArrayList<>(racks.values());
        sizes.sort(Collections.reverseOrder());
        int count = 0;
        int held = 0;
        while (held < wanted) {
            held += sizes.get(count++);
        }
        return count;
    }

    @Test
    void thoseWhoJoinAreArrangedAroundThoseWhoAreThere() {
        List<Node> present = List.of(inRack(1, "a"), inRack(2, "a"));
        List<Node> free = List.of(inRack(3, "a"), inRack(4, "a"), inRack(5, "b"), inRack(6, "b"));

        assertThat(count(Arrangement.choose(spec(2, Arrange.How.SPREAD), free, present)))
                .isEqualTo(Map.of("b", 2));
        assertThat(count(Arrangement.choose(spec(3, Arrange.How.PACK), free, present)))
                .isEqualTo(Map.of("a", 2, "b", 1));
    }

    @Test
    void aClusterThatGrowsIsArrangedAroundAllOfItsMembers() {
        World free = Worlds.of(inRack(1, "a"), inRack(2, "a"), inRack(3, "b"));
        CreatePlanner.Plan.Build build = (CreatePlanner.Plan.Build)
                CreatePlanner.plan(spec(1, Arrange.How.SPREAD), Optional.empty(), "r1", free, 5, 1000);
        World world = Worlds.after(free, build.changes());
        Held<ClusterRecord> held = Worlds.cluster(world, "demo");
        Situation situation = new Situation(world, Map.of(), Timing.usual(), Instant.EPOCH);

        MembershipPlanner.Plan plan =
                new MembershipPlanner(situation, held, build.roster(), 5).plan(2, Set.of(), _ -> held.value());

        assertThat(plan)
                .isInstanceOfSatisfying(
                        MembershipPlanner.Plan.Possible.class,
                        possible -> assertThat(possible.joining()).containsExactly(new NodeName("n3")));
    }

    @Test
    void aNodeWithoutTheLabelIsNotTakenAndTheReasonSaysSo() {
        Placement placement = Placement.of(
                spec(2, Arrange.How.SPREAD), List.of(inRack(1, "a"), Worlds.node(2, new Assignment.Free(1, 0), true)));

        assertThat(placement.chosen()).isEmpty();
        assertThat(placement.unsuitable()).containsExactly("n2 has no label rack to spread by");
    }
}
