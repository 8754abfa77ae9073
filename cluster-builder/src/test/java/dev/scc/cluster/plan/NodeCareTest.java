package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Health;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.NumberChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is written down of nodes that fail, go and come back, and when they are free again. */
class NodeCareTest {
    private static final Instant NOW = Instant.ofEpochMilli(10_000_000);
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final NodeStatus.State CLEAN = new NodeStatus.Clean();

    private static NodeCare care(World world, NodeName... lost) {
        Map<NodeName, Instant> missing = new TreeMap<>();
        for (NodeName node : lost) {
            missing.put(node, NOW.minusSeconds(15));
        }
        return new NodeCare(new Situation(world, missing, Timing.usual(), NOW), 5);
    }

    private static Node leaving(int number) {
        return Worlds.node(number, new Assignment.Leave(4, DEMO, 70), true);
    }

    private static Node having(Node node, Health health) {
        return new Node(
                new Held<>(node.record().value().withHealth(health), 3),
                node.assignment(),
                node.status(),
                node.inventory(),
                node.alive());
    }

    private static Node free(int number, boolean alive, Health health) {
        return having(Worlds.node(number, new Assignment.Free(1, 0), alive), health);
    }

    private static Pools taken(int... numbers) {
        Pools pools = Pools.empty();
        for (int number : numbers) {
            pools = pools.with(
                    number, new Pools.Taken(DEMO, "demo", Cidr.parse("172.16.0.0/20"), Cidr.parse("10.70.0.0/16")));
        }
        return pools;
    }

    private static World world(Pools pools, Optional<ClusterRecord> cluster, Node... nodes) {
        TreeMap<ClusterName, Held<ClusterRecord>> clusters = new TreeMap<>();
        cluster.ifPresent(record -> clusters.put(record.name(), new Held<>(record, 1)));
        return new World(Worlds.of(nodes).nodes(), clusters, new Held<>(pools, 2));
    }

    private static ClusterRecord demo(int network, NodeName... members) {
        return ClusterRecord.begun(ClusterSpec.of("demo", members.length), network, List.of(members), 0, "r1");
    }

    private static Health health(Node node, NodeCare.Care care) {
        return Worlds.node(
                        Worlds.after(Worlds.of(node), care.changes()),
                        node.name().value())
                .record()
                .value()
                .health();
    }

    @Test
    void whoIsCleanAndBelongsToNobodyIsFreedUnderTheVersionThatItAnswered() {
        NodeCare.Care care = care(world(
                        Pools.empty(),
                        Optional.empty(),
                        Worlds.saying(leaving(1), CLEAN),
                        leaving(2),
                        Worlds.saying(leaving(3), CLEAN),
                        Worlds.node(4, new Assignment.Free(1, 0), true),
                        Worlds.saying(Worlds.node(5, new Assignment.Serve(4, DEMO, 1, 70), true), CLEAN)))
                .welcomeBack();

        assertThat(care.changes())
                .containsExactly(
                        new NodeChange.Assign(N1, 0, new Assignment.Free(5, 0)),
                        new NodeChange.Assign(N3, 0, new Assignment.Free(5, 0)));
        assertThat(care.happenings()).containsExactly(Happening.NodesFreed.of(List.of(N1, N3), DEMO));
    }

    @Test
    void whoseSwitchPortIsNotClosedIsNotFreed() {
        World world = world(Pools.empty(), Optional.empty(), Worlds.saying(leaving(1), CLEAN));

        assertThat(care(world.notClean(Map.of(N1, Optional.empty())))
                        .welcomeBack()
                        .nothing())
                .isTrue();
        assertThat(care(world.notClean(Map.of(N1, Optional.of("no such port"))))
                        .welcomeBack()
                        .nothing())
                .isTrue();
        assertThat(Worlds.node(world.notClean(Map.of(N1, Optional.of("no such port"))), "n1")
                        .outOfService())
                .contains("cannot close its switch port: no such port");
        assertThat(care(world.notClean(Map.of())).welcomeBack().changes()).hasSize(1);
    }

    @Test
    void aMemberOfTheClusterThatIsOnItsWayOutIsNotFreedBeforeTheClusterHasGone() {
        Node one = Worlds.saying(leaving(1), CLEAN);

        assertThat(care(world(Pools.empty(), Optional.of(demo(70, N1, N2)), one))
                        .welcomeBack()
                        .nothing())
                .isTrue();
        // Another cluster of that name, or one that has gone on without this node, is none of its business.
        assertThat(care(world(Pools.empty(), Optional.of(demo(71, N1, N2)), one))
                        .welcomeBack()
                        .changes())
                .hasSize(1);
        assertThat(care(world(Pools.empty(), Optional.of(demo(70, N2, N3)), one))
                        .welcomeBack()
                        .changes())
                .hasSize(1);
    }

    @Test
    void aNumberIsGivenBackWhenNoClusterHasItAndNoNodeMayCarryIt() {
        Node dirty = leaving(2);
        Node clean = Worlds.saying(leaving(1), CLEAN);
        World both = world(taken(70, 71, 72), Optional.of(demo(71, N3)), clean, dirty);
        World one = world(taken(70, 71, 72), Optional.of(demo(71, N3)), clean);

        assertThat(Worlds.only(NumberChange.class, care(both).welcomeBack().changes()))
                .containsExactly(new NumberChange.GiveBack(both.pools(), Set.of(72)));
        assertThat(Worlds.only(NumberChange.class, care(one).welcomeBack().changes()))
                .containsExactly(new NumberChange.GiveBack(one.pools(), Set.of(70, 72)));
        assertThat(care(world(taken(71), Optional.of(demo(71, N3)), dirty))
                        .welcomeBack()
                        .nothing())
                .isTrue();
    }

    @Test
    void aLostNodeIsToldOnceAndWhenItIsBack() {
        Node gone = free(1, false, Health.good());

        NodeCare.Care lost = care(Worlds.of(gone), N1).watch();
        assertThat(lost.happenings()).containsExactly(new Happening.NodeLost(N1, 15, Optional.empty()));
        Health worse = health(gone, lost);
        assertThat(worse.failures()).isEqualTo(1);
        assertThat(worse.since()).isEqualTo(NOW.toEpochMilli());

        assertThat(care(Worlds.of(free(1, false, worse)), N1).watch().nothing()).isTrue();
        assertThat(care(Worlds.of(free(1, false, worse))).watch().nothing()).isTrue();

        NodeCare.Care back = care(Worlds.of(free(1, true, worse))).watch();
        assertThat(back.happenings()).containsExactly(new Happening.NodeBack(N1));
        Health again = health(free(1, true, worse), back);
        assertThat(again.failures()).isEqualTo(1);
        assertThat(care(Worlds.of(free(1, true, again))).watch().nothing()).isTrue();
        assertThat(care(Worlds.of(free(1, false, again)), N1).watch().happenings())
                .containsExactly(new Happening.NodeLost(N1, 15, Optional.empty()));
    }

    @Test
    void theFailureThatDrainsANodeIsToldAsSuch() {
        Health twice = new Health(2, "no memory", 0, false, false);
        Node node = free(1, true, twice);
        Blame blame = new Blame(Failure.of("create demo", "broken"), Set.of(N1));

        NodeCare.Care third = care(Worlds.of(node)).blame(Optional.of(blame));
        assertThat(third.happenings()).containsExactly(new Happening.NodeFailed(N1, "broken", Optional.of(3)));
        assertThat(health(node, third)).isEqualTo(new Health(3, "broken", NOW.toEpochMilli(), true, false));

        Node drained = free(1, true, health(node, third));
        assertThat(care(Worlds.of(drained)).blame(Optional.of(blame)).happenings())
                .containsExactly(new Happening.NodeFailed(N1, "broken", Optional.empty()));

        assertThat(care(Worlds.of(free(1, false, twice)), N1).watch().happenings())
                .containsExactly(new Happening.NodeLost(N1, 15, Optional.of(3)));
    }

    @Test
    void whoIsLostIsCountedAsLostAndWhoIsUnknownIsNotCounted() {
        Blame blame = new Blame(Failure.of("create demo", "broken"), Set.of(N1, N2, N3));
        World world = Worlds.of(free(1, true, Health.good()), free(2, false, Health.good()));

        assertThat(care(world, N2).blame(Optional.of(blame)).happenings())
                .containsExactly(new Happening.NodeFailed(N1, "broken", Optional.empty()));
        assertThat(care(world).blame(Optional.empty()).nothing()).isTrue();
    }

    @Test
    void failuresAreForgottenAfterSomeTimeWithoutAnyIfTheNodeIsThere() {
        Health old = new Health(3, "broken", NOW.toEpochMilli() - 3 * Health.WINDOW_MILLIS, true, false);
        Health young = new Health(3, "broken", NOW.toEpochMilli() - 3 * Health.WINDOW_MILLIS + 1, true, false);

        NodeCare.Care care = care(Worlds.of(free(1, true, old))).watch();
        assertThat(care.happenings()).containsExactly(new Happening.NodeRecovered(N1, true, "broken"));
        assertThat(health(free(1, true, old), care)).isEqualTo(Health.good());

        assertThat(care(Worlds.of(free(1, true, young))).watch().nothing()).isTrue();
        assertThat(care(Worlds.of(free(1, false, old))).watch().nothing()).isTrue();
    }

    @Test
    void aRepairIsToldOnce() {
        Repair repair = new Repair(7, List.of("link:eni0", "addr:eni0/172.16.0.1", "fdb:x", "fdb:y"));
        Node node = repaired(free(1, true, Health.good()), repair);

        NodeCare.Care care = care(Worlds.of(node)).watch();

        assertThat(care.happenings())
                .containsExactly(new Happening.NodeRepaired(N1, "link:eni0, addr:eni0/172.16.0.1, fdb:x and 1 more"));
        assertThat(care.changes()).containsExactly(new NodeChange.NoteRepair(node.record(), 7));
        Node told = Worlds.node(Worlds.after(Worlds.of(node), care.changes()), "n1");
        assertThat(care(Worlds.of(told)).watch().nothing()).isTrue();
        assertThat(care(Worlds.of(repaired(told, new Repair(8, List.of("link:eni0")))))
                        .watch()
                        .happenings())
                .containsExactly(new Happening.NodeRepaired(N1, "link:eni0"));
    }

    @Test
    void whomANodeDoesNotReachIsToldOnceAndHeldAgainstNobody() {
        Node node = meshed(free(1, true, Health.good()), new Unreached(7, List.of(N2)));

        NodeCare.Care care = care(Worlds.of(node)).watch();

        assertThat(care.happenings()).containsExactly(new Happening.NodeReaches(N1, List.of(N2)));
        assertThat(care.changes()).containsExactly(new NodeChange.NoteUnreached(node.record(), 7));
        Node told = Worlds.node(Worlds.after(Worlds.of(node), care.changes()), "n1");
        assertThat(care(Worlds.of(told)).watch().nothing()).isTrue();
        assertThat(care(Worlds.of(meshed(told, new Unreached(8, List.of()))))
                        .watch()
                        .happenings())
                .containsExactly(new Happening.NodeReaches(N1, List.of()));
        assertThat(new NodeCare(new Situation(Worlds.of(node), Map.of(), Timing.usual(), NOW), 5, Set.of(N1))
                        .watch()
                        .nothing())
                .isTrue();
    }

    private static Node meshed(Node node, Unreached unreached) {
        Inventory has = node.inventory().orElseThrow();
        return new Node(
                node.record(),
                node.assignment(),
                node.status(),
                Optional.of(new Inventory(
                        has.node(),
                        has.rdmaNetdev(),
                        has.version(),
                        has.has(),
                        Optional.empty(),
                        List.of(),
                        Optional.of(unreached))),
                node.alive());
    }

    @Test
    void whoWasHeardAMomentAgoIsNotHeardAgainAndKeepsNobodyBusy() {
        Node node = repaired(free(1, true, Health.good()), new Repair(7, List.of("link:eni0")));
        Situation situation = new Situation(Worlds.of(node), Map.of(), Timing.usual(), NOW);
        Alive elsewhere = Alive.at(node.record().value().machine().instance(), Ipv4.parse("10.99.0.98"));

        NodeCare care = new NodeCare(situation, 5, Set.of(N1));

        assertThat(care.watch().nothing()).isTrue();
        assertThat(care.enrol(Map.of(N1, elsewhere)).nothing()).isTrue();
    }

    private static Node repaired(Node node, Repair repair) {
        Inventory has = node.inventory().orElseThrow();
        return new Node(
                node.record(),
                node.assignment(),
                node.status(),
                Optional.of(new Inventory(has.node(), has.rdmaNetdev(), has.version(), has.has(), Optional.of(repair))),
                node.alive());
    }
}
