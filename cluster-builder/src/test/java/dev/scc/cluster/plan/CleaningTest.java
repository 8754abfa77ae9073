package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.NumberChange;
import dev.scc.cluster.leftover.Leftover;
import dev.scc.cluster.leftover.Leftovers;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CleaningTest {
    private static final NodeName N1 = new NodeName("n1");

    /** What is in the tree when all is well: the entries of these nodes, and the given rosters. */
    private static Remains remains(World world, Map<String, List<String>> rosters) {
        TreeSet<String> nodes = new TreeSet<>();
        world.nodes().keySet().forEach(node -> nodes.add(node.value()));
        return new Remains(new TreeMap<>(rosters), nodes, nodes, nodes, new TreeSet<>(), new TreeSet<>(), Map.of());
    }

    private static World withCluster() {
        World world = Worlds.free(3);
        CreatePlanner.Plan plan = CreatePlanner.plan(ClusterSpec.of("demo", 2), Optional.empty(), "r1", world, 1, 5);
        return Worlds.after(world, ((CreatePlanner.Plan.Build) plan).changes());
    }

    private static List<String> found(Remains remains, World world) {
        return Leftovers.in(remains, world).stream().map(Leftover::what).toList();
    }

    private static List<String> removed(List<Leftover> found, World world) {
        return Worlds.only(Change.RemoveLeftover.class, Cleaning.removal(found, world)).stream()
                .flatMap(change -> change.entries().paths().stream())
                .toList();
    }

    private static Remains with(Remains base, List<String> assigned, List<String> said, List<String> asking) {
        TreeSet<String> alsoAssigned = new TreeSet<>(assigned);
        alsoAssigned.addAll(base.assigned());
        TreeSet<String> alsoSaid = new TreeSet<>(said);
        alsoSaid.addAll(base.said());
        return new Remains(
                base.rosters(),
                base.enrolled(),
                alsoAssigned,
                alsoSaid,
                new TreeSet<>(asking),
                base.tunnels(),
                base.below());
    }

    @Test
    void nothingIsLeftWhereEverythingBelongsToSomething() {
        World world = withCluster();

        assertThat(found(remains(world, Map.of("demo", List.of("1"))), world)).isEmpty();
    }

    @Test
    void rostersOfNoClusterAndOfRevisionsLongGoneAreLeft() {
        World world = withCluster();
        Remains remains = remains(world, Map.of("demo", List.of("1", "7"), "old", List.of("3", "4")));

        List<Leftover> found = Leftovers.in(remains, world);

        assertThat(found.stream().map(Leftover::what)).containsExactly("roster 7 of demo", "rosters of old");
        assertThat(removed(found, world))
                .containsExactly("/scc/rosters/demo/7", "/scc/rosters/old/3", "/scc/rosters/old/4", "/scc/rosters/old");
    }

    @Test
    void rosterThatANodeIsToldToServeIsNeverLeft() {
        World world = Worlds.of(Worlds.node(1, new Assignment.Serve(1, new ClusterName("old"), 3, 70), true));

        assertThat(found(remains(world, Map.of("old", List.of("3"))), world)).isEmpty();
    }

    @Test
    void networkThatNobodyHasIsLeftAndOneThatANodeMayCarryIsNot() {
        Pools.Taken taken =
                new Pools.Taken(new ClusterName("old"), "old", Cidr.parse("172.16.0.0/24"), Cidr.parse("10.70.0.0/24"));
        World world = Worlds.of(Worlds.node(1, new Assignment.Leave(1, new ClusterName("old"), 71), false));
        world = new World(
                world.nodes(), world.clusters(), new Held<>(new Pools(Map.of(70, taken, 71, taken, 72, taken)), 4));

        List<Leftover> found = Leftovers.in(remains(world, Map.of()), world);

        assertThat(found.stream().map(Leftover::what))
                .containsExactly("network 70 in the pools", "network 72 in the pools");
        assertThat(Cleaning.removal(found, world))
                .containsExactly(new NumberChange.GiveBack(world.pools(), Set.of(70, 72)));
    }

    @Test
    void entriesOfNodesThatAreNotEnrolledAreLeftUnlessTheirAgentsAsk() {
        World world = Worlds.free(1);
        Remains remains = with(remains(world, Map.of()), List.of("x1"), List.of("x1", "x2", "x3"), List.of("x3"));

        List<Leftover> found = Leftovers.in(remains, world);

        assertThat(found.stream().map(Leftover::what)).containsExactly("entries of node x1", "entries of node x2");
        assertThat(removed(found, world)).containsExactly("/scc/assign/x1", "/scc/status/x1", "/scc/status/x2");
    }

    @Test
    void aKeyOfANodeThatIsNotEnrolledIsLeft() {
        World world = Worlds.free(1);
        Remains base = remains(world, Map.of());
        Remains remains = new Remains(
                base.rosters(),
                base.enrolled(),
                base.assigned(),
                base.said(),
                base.asking(),
                new TreeSet<>(List.of("n1", "x1")),
                base.below());

        assertThat(removed(Leftovers.in(remains, world), world)).containsExactly("/scc/tunnels/x1");
    }

    @Test
    void enrolmentWithoutAssignmentIsLeftUnlessItsAgentLives() {
        TreeSet<String> enrolled = new TreeSet<>(List.of("x1", "x2"));
        Remains remains = new Remains(
                new TreeMap<>(),
                enrolled,
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                Map.of("x1", List.of("inventory"), "x2", List.of("alive")));
        World world = Worlds.of();

        List<Leftover> found = Leftovers.in(remains, world);

        assertThat(removed(found, world)).containsExactly("/scc/nodes/x1/inventory", "/scc/nodes/x1");
    }

    @Test
    void oneTransactionRemovesNoMoreThanItCanHold() {
        NavigableMap<String, List<String>> rosters = new TreeMap<>();
        IntStream.range(0, 2_000).forEach(i -> rosters.put("c" + i, List.of("1")));
        World world = Worlds.of();

        List<String> removed = removed(Leftovers.in(remains(world, rosters), world), world);

        assertThat(removed).hasSize(500);
    }

    private static RequestPlanner.Answer forget(World world, Map<String, List<String>> below, boolean gone) {
        Remains base = remains(world, Map.of());
        Remains remains = new Remains(
                base.rosters(),
                base.enrolled(),
                base.assigned(),
                base.said(),
                base.asking(),
                new TreeSet<>(List.of("n1")),
                below);
        return new Cleaning(world, remains, 5).forget(new Request.Forget(N1, gone), "r9");
    }

    @Test
    void nodeIsForgottenWithItsStatusSoThatItsNextAgentHasToProveItselfClean() {
        World world = Worlds.of(Worlds.node(1, new Assignment.Free(1, 0), false));

        assertThat(forget(world, Map.of("n1", List.of("inventory")), false))
                .asInstanceOf(type(RequestPlanner.Answer.Commit.class))
                .satisfies(commit -> assertThat(commit.changes())
                        .contains(new NodeChange.Forget(
                                Worlds.node(world, "n1").record(), 0, List.of("inventory"), true, true)));
    }

    @Test
    void nodeWhoseAgentLivesOrThatServesIsNotForgotten() {
        World alive = Worlds.of(Worlds.node(1, new Assignment.Free(1, 0), true));
        World serving = Worlds.of(Worlds.node(1, new Assignment.Serve(1, new ClusterName("demo"), 1, 70), false));

        assertThat(forget(alive, Map.of(), true))
                .isEqualTo(
                        new RequestPlanner.Answer.Refuse(Refusal.BUSY, "the agent of node n1 is there; stop it first"));
        assertThat(forget(serving, Map.of(), true))
                .asInstanceOf(type(RequestPlanner.Answer.Refuse.class))
                .satisfies(refuse -> assertThat(refuse.why()).contains("member of cluster demo"));
        assertThat(forget(Worlds.of(), Map.of(), true))
                .isEqualTo(new RequestPlanner.Answer.Refuse(Refusal.UNKNOWN, "there is no node n1"));
    }

    @Test
    void nodeThatIsNotProvenCleanIsForgottenOnlyIfItsOwnerVouchesForIt() {
        World world = Worlds.of(Worlds.node(1, new Assignment.Leave(1, new ClusterName("demo"), 70), false));

        assertThat(forget(world, Map.of(), false))
                .asInstanceOf(type(RequestPlanner.Answer.Refuse.class))
                .satisfies(refuse -> assertThat(refuse.why()).contains("--gone").contains("network 70"));
        assertThat(forget(world, Map.of(), true)).isInstanceOf(RequestPlanner.Answer.Commit.class);
    }
}
