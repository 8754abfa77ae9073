package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A node is one machine: what another one of the same name says of itself must not be taken for its state. */
class EnrolmentTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final Alive OTHER = Alive.at("elsewhere", Ipv4.parse("10.99.0.99"));

    private static NodeCare.Care asked(World world, Alive machine) {
        return new NodeCare(new Situation(world, Map.of(), Timing.usual(), Instant.EPOCH), 5)
                .enrol(Map.of(N1, machine));
    }

    private static World with(Assignment assignment, boolean alive) {
        return Worlds.of(Worlds.node(1, assignment, alive));
    }

    private static Alive machine(World world) {
        return Worlds.node(world, "n1").record().value().machine();
    }

    @Test
    void anotherMachineDoesNotBecomeANodeThatAClusterHas() {
        ClusterName demo = new ClusterName("demo");

        assertThat(asked(with(new Assignment.Serve(1, demo, 1, 70), false), OTHER)
                        .nothing())
                .isTrue();
        assertThat(asked(with(new Assignment.Leave(1, demo, 70), false), OTHER).nothing())
                .isTrue();
    }

    @Test
    void anotherMachineDoesNotBecomeANodeThatLives() {
        assertThat(asked(with(new Assignment.Free(1, 0), true), OTHER).nothing())
                .isTrue();
    }

    @Test
    void anotherMachineBecomesAFreeNodeThatIsGoneAndHasToProveItselfClean() {
        World before = with(new Assignment.Free(1, 0), false);
        assertThat(Worlds.node(before, "n1").clean()).isTrue();

        NodeCare.Care care = asked(before, OTHER);

        World after = Worlds.after(before, care.changes());
        assertThat(machine(after)).isEqualTo(OTHER);
        Node node = Worlds.node(after, "n1");
        assertThat(node.clean()).isFalse();
        assertThat(Worlds.saying(node, new dev.scc.cluster.NodeStatus.Clean()).clean())
                .isTrue();
    }

    @Test
    void theSameMachineStaysItWithAnotherDataDirectory() {
        World world = with(new Assignment.Free(1, 0), false);
        Alive same = machine(world);

        assertThat(asked(world, new Alive("anew", same.underlay(), same.agent()))
                        .nothing())
                .isTrue();
    }

    @Test
    void theSameMachineIsReachedWhereItSaysOnceThatIsWrittenDown() {
        World before = with(new Assignment.Serve(1, new ClusterName("demo"), 1, 70), true);
        Alive elsewhere =
                new Alive(machine(before).instance(), Ipv4.parse("10.99.0.98"), Optional.of("10.99.0.98:7171"));

        NodeCare.Care care = asked(before, elsewhere);

        assertThat(care.happenings())
                .containsExactly(new Happening.NodeMoved(N1, elsewhere.underlay(), elsewhere.agent()));
        World after = Worlds.after(before, care.changes());
        assertThat(machine(after)).isEqualTo(elsewhere);
        assertThat(asked(after, elsewhere).nothing()).isTrue();
    }

    @Test
    void anAgentThatListensElsewhereOnItsMachineIsFollowed() {
        World before = with(new Assignment.Free(1, 0), true);
        Alive there = machine(before);
        Alive elsewhere = new Alive(there.instance(), there.underlay(), Optional.of(there.underlay() + ":7171"));

        assertThat(asked(before, elsewhere).happenings())
                .containsExactly(new Happening.NodeMoved(N1, there.underlay(), elsewhere.agent()));
    }

    @Test
    void nobodyIsEnrolledOrMovedToWhereAnotherNodeIsAndNobodyIsBlamedForIt() {
        World world = Worlds.of(
                Worlds.node(1, new Assignment.Free(1, 0), true), Worlds.node(2, new Assignment.Free(1, 0), true));
        NodeName n9 = new NodeName("n9");
        Ipv4 where = Worlds.node(world, "n2").record().value().machine().underlay();
        Map<NodeName, Alive> asking =
                Map.of(N1, Alive.at(machine(world).instance(), where), n9, Alive.at("new", where));
        NodeCare care = new NodeCare(new Situation(world, Map.of(), Timing.usual(), Instant.EPOCH), 5);

        assertThat(care.enrol(asking).nothing()).isTrue();
        assertThat(care.enrol(asking).happenings()).isEmpty();
        assertThat(care.refused(asking))
                .containsOnlyKeys(N1, n9)
                .containsEntry(n9, "asks with address 10.99.0.12, where node n2 is enrolled");
    }

    @Test
    void ofTwoThatAskWithOneAddressOnlyOneIsEnrolled() {
        Map<NodeName, Alive> asking = new TreeMap<>(Map.of(N1, OTHER, new NodeName("n2"), OTHER));
        NodeCare care = new NodeCare(new Situation(Worlds.of(), Map.of(), Timing.usual(), Instant.EPOCH), 5);

        assertThat(care.enrol(asking).changes()).containsExactly(new NodeChange.Enrol(N1, OTHER, 5));
    }

    @Test
    void aNodeThatNobodyKnowsIsEnrolledAsTheMachineThatAsks() {
        NodeCare.Care care = asked(Worlds.of(), OTHER);

        assertThat(care.changes()).containsExactly(new NodeChange.Enrol(N1, OTHER, 5));
    }

    /** It may bear the address of its ENI still, wherever it is. */
    @Test
    void anotherMachineDoesNotBecomeANodeThatHasAnEni() {
        World before = Worlds.free(1);
        RequestPlanner planner = new RequestPlanner(new Situation(before, Map.of(), Timing.usual(), Instant.EPOCH), 5);
        VpcName lab = new VpcName("lab");
        World vpc = Worlds.after(before, committed(planner, new Request.VpcCreate(lab, Cidr.parse("172.20.0.0/24"))));
        World world = Worlds.after(
                vpc,
                committed(
                        new RequestPlanner(new Situation(vpc, Map.of(), Timing.usual(), Instant.EPOCH), 5),
                        new Request.EniAttach(N1, lab, Optional.empty(), Optional.empty(), List.of())));

        assertThat(asked(Worlds.silent(world, N1), OTHER).nothing()).isTrue();
        assertThat(asked(Worlds.silent(before, N1), OTHER).nothing()).isFalse();
    }

    private static List<Change> committed(RequestPlanner planner, Request request) {
        return ((RequestPlanner.Answer.Commit)
                        planner.answer(request, "r", new Asker.Unproven(), Optional.empty(), Optional.empty()))
                .changes();
    }

    @Test
    void ofANodeThatCannotBeReadNothingIsTakenUp() {
        World world = Worlds.of();
        World hidden = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of(Paths.node(N1), "is nonsense"));

        assertThat(asked(hidden, OTHER).nothing()).isTrue();
    }

    /** Nobody was heard of it before. */
    @Test
    void whoIsNewIsEnrolledThoughSomethingWasHeardOfItAMomentAgo() {
        NodeCare care =
                new NodeCare(new Situation(Worlds.of(), Map.of(), Timing.usual(), Instant.EPOCH), 5, Set.of(N1));

        assertThat(care.enrol(Map.of(N1, OTHER)).changes()).containsExactly(new NodeChange.Enrol(N1, OTHER, 5));
    }
}
