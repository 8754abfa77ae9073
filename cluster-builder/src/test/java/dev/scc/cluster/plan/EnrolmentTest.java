package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node is one machine: what another one of the same name says of itself must not be taken for its state. */
class EnrolmentTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final Alive OTHER = new Alive("elsewhere", Ipv4.parse("10.99.0.99"));

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
    void theSameMachineStaysItWithAnotherDataDirectoryOrAnotherAddress() {
        World world = with(new Assignment.Free(1, 0), false);

        assertThat(asked(world, new Alive("anew", machine(world).underlay())).nothing())
                .isTrue();
        assertThat(asked(world, new Alive(machine(world).instance(), Ipv4.parse("10.99.0.98")))
                        .nothing())
                .isTrue();
    }

    @Test
    void aNodeThatNobodyKnowsIsEnrolledAsTheMachineThatAsks() {
        NodeCare.Care care = asked(Worlds.of(), OTHER);

        assertThat(care.changes()).containsExactly(new NodeChange.Enrol(N1, OTHER, 5));
    }
}
