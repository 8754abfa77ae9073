package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeStatus.State REACHED = new NodeStatus.Reached(DEMO, 2, Optional.empty());

    private static Node node(Assignment assignment, int version, NodeStatus.State says, int of) {
        return new Node(
                new Held<>(NodeRecord.enrolled(N1, Alive.at("i", Ipv4.parse("10.99.0.1"))), 0),
                new Held<>(assignment, version),
                Optional.of(new NodeStatus(of, says, List.of())),
                Optional.empty(),
                true);
    }

    @Test
    void whatItSaysOfItsPresentAssignmentIsItsAnswer() {
        assertThat(node(new Assignment.Serve(1, DEMO, 2, 70), 3, REACHED, 3).answer())
                .contains(REACHED);
    }

    @Test
    void whatItSaysOfAnotherOneIsNone() {
        assertThat(node(new Assignment.Serve(1, DEMO, 2, 70), 3, REACHED, 2).answer())
                .isEmpty();
    }

    @Test
    void aNodeThatCameBackWorseIsDrainedUntilItSaysOtherwise() {
        NodeStatus.State worse = NodeStatus.Clean.worse("port 1 of RDMA device rxe0 is DOWN");

        assertThat(node(new Assignment.Free(1, 2), 3, worse, 2)).satisfies(node -> {
            assertThat(node.clean()).isTrue();
            assertThat(node.state()).isEqualTo(NodeState.CORDONED);
            assertThat(node.outOfService()).contains("drained: port 1 of RDMA device rxe0 is DOWN");
        });
        assertThat(node(new Assignment.Free(1, 2), 3, new NodeStatus.Clean(), 3))
                .satisfies(node -> {
                    assertThat(node.state()).isEqualTo(NodeState.FREE);
                    assertThat(node.outOfService()).isEmpty();
                });
        assertThat(node(new Assignment.Leave(1, DEMO, 70), 3, worse, 3).clean()).isTrue();
        assertThat(node(new Assignment.Serve(1, DEMO, 2, 70), 3, worse, 2).outOfService())
                .isEmpty();
    }

    /** Versions begin anew with an entry, and a node may lie. */
    @Test
    void whatDoesNotAnswerItsAssignmentIsNone() {
        assertThat(node(new Assignment.Serve(1, DEMO, 1, 70), 3, REACHED, 3).answer())
                .isEmpty();
        assertThat(node(new Assignment.Serve(1, new ClusterName("other"), 2, 70), 3, REACHED, 3)
                        .answer())
                .isEmpty();
        assertThat(node(new Assignment.Leave(1, DEMO, 70), 3, REACHED, 3).answer())
                .isEmpty();
        assertThat(node(new Assignment.Serve(1, DEMO, 2, 70), 3, new NodeStatus.Clean(), 3)
                        .answer())
                .isEmpty();
    }

    @Test
    void aNodeIsFreeWhenItHasProvedThatNothingIsOnIt() {
        NodeStatus.State clean = new NodeStatus.Clean();

        assertThat(node(new Assignment.Free(1, 2), 3, clean, 3).state()).isEqualTo(NodeState.FREE);
        assertThat(node(new Assignment.Free(1, 2), 3, clean, 2).state()).isEqualTo(NodeState.FREE);
        assertThat(node(new Assignment.Free(1, 2), 3, clean, 1).state()).isEqualTo(NodeState.DIRTY);
        // Of what it has not been told yet it can prove nothing.
        assertThat(node(new Assignment.Free(1, 2), 3, clean, 4).state()).isEqualTo(NodeState.DIRTY);
        assertThat(node(new Assignment.Free(1, 2), 3, new NodeStatus.StepFailed("a", "b", List.of()), 3)
                        .state())
                .isEqualTo(NodeState.DIRTY);
        assertThat(node(new Assignment.Serve(1, DEMO, 2, 70), 3, clean, 3).clean())
                .isFalse();
        assertThat(node(new Assignment.Leave(1, DEMO, 70), 3, clean, 3).clean()).isTrue();
        assertThat(node(new Assignment.Leave(1, DEMO, 70), 3, clean, 3).state()).isEqualTo(NodeState.DIRTY);
    }

    @Test
    void whyItsDeviceWasNotCheckedIsSaidWhileItServesNothing() {
        NodeStatus.State clean = new NodeStatus.Clean(Optional.empty(), Optional.of("no verbs"));

        assertThat(node(new Assignment.Free(1, 2), 3, clean, 2).unchecked()).contains("no verbs");
        assertThat(node(new Assignment.Free(1, 2), 3, clean, 2).state()).isEqualTo(NodeState.FREE);
        assertThat(node(new Assignment.Serve(1, DEMO, 2, 70), 3, clean, 2).unchecked())
                .isEmpty();
    }
}
