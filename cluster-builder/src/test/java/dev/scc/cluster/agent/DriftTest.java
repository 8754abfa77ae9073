package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeStatus.SegmentAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static NodeStatus.State reached(int gidIndex) {
        return new NodeStatus.Reached(
                new ClusterName("demo"), 1, Optional.of(new SegmentAddress("0000:ffff", gidIndex)));
    }

    private static Convergence.Result now(NodeStatus.State state, String... changed) {
        return new Convergence.Result(state, List.of(), List.of(changed));
    }

    @Test
    void whatIsAsItWasIsNoDrift() {
        assertThat(Drift.between(reached(3), now(reached(3)))).isEmpty();
        assertThat(Drift.between(new NodeStatus.Clean(), now(new NodeStatus.Clean())))
                .isEmpty();
    }

    @Test
    void aGidThatHasMovedComesBeforeWhatWasRepaired() {
        assertThat(Drift.between(reached(3), now(reached(5), "addr:eth1.70/10.70.0.1")))
                .containsExactly("gid index 3, now 5", "addr:eth1.70/10.70.0.1");
    }

    @Test
    void aNodeThatFailsHasNoGidToCompare() {
        NodeStatus.State failed = new NodeStatus.StepFailed("find GID", "none", List.of());

        assertThat(Drift.between(reached(3), now(failed))).isEmpty();
    }
}
