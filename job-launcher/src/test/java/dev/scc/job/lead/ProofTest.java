package dev.scc.job.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.job.MpiFamily;
import dev.scc.job.Receipt;
import dev.scc.job.TestCluster;
import dev.scc.job.Transport;
import dev.scc.job.plan.LaunchPlan;
import dev.scc.job.plan.Placement;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static LaunchPlan plan(Transport transport) {
        return new LaunchPlan(
                MpiFamily.OPENMPI,
                transport,
                List.of(
                        new Placement(TestCluster.member(1, "a:1", "rxe0"), 0, 1),
                        new Placement(TestCluster.member(2, "b:1", "rxe0"), 1, 1)));
    }

    private static Receipt.NodeUse use(int node, long sent, long received) {
        return new Receipt.NodeUse(new NodeName("n" + node), "rxe0", sent, received);
    }

    @Test
    void rdmaIsProvenWhenCountersOfEveryNodeMovedBothWays() {
        Proof proof = Proof.of(plan(Transport.RDMA), List.of(use(1, 10, 11), use(2, 11, 10)));

        assertThat(proof).isEqualTo(new Proof(Transport.RDMA, List.of()));
    }

    @Test
    void rdmaIsNotClaimedWhenOneNodesCountersStoodStill() {
        for (Receipt.NodeUse still : List.of(use(2, 0, 10), use(2, 10, 0), use(2, 0, 0))) {
            Proof proof = Proof.of(plan(Transport.RDMA), List.of(use(1, 10, 10), still));

            assertThat(proof.transport()).isEqualTo(Transport.NONE);
            assertThat(proof.notices()).singleElement().asString().contains("n2", "did not move");
        }
    }

    @Test
    void otherTrafficOnTheDeviceDoesNotMakeATcpJobAnRdmaJob() {
        Proof proof = Proof.of(plan(Transport.TCP), List.of(use(1, 10, 10), use(2, 10, 10)));

        assertThat(proof).isEqualTo(new Proof(Transport.TCP, List.of()));
    }
}
