package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.api.ServerRpc;
import org.junit.jupiter.api.Test;

class RpcMethodTest {
    /** Audit logs have nothing else to tell it by. */
    @Test
    void whoWantsToRunJobsAsRootIsToldAsSuch() {
        ClusterName demo = new ClusterName("demo");

        assertThat(ServerRpc.PERMIT.aboutOf(new ServerRpc.PermitWanted(demo, true)))
                .isEqualTo("run on demo as root");
        assertThat(ServerRpc.PERMIT.aboutOf(new ServerRpc.PermitWanted(demo, false)))
                .isEqualTo("run on demo");
    }
}
