package dev.scc.job.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.Tasks;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final NodeName N1 = new NodeName("n1");

    private final Gate gate = new Gate(Tasks.ofThreads());

    @Test
    void itStaysOpenWhileSomethingIsInside() throws Exception {
        gate.enter(N1);

        assertThat(gate.closeIfEmpty(() -> true)).isFalse();

        gate.leave(N1);
        assertThat(gate.closeIfEmpty(() -> true)).isTrue();
        assertThatThrownBy(() -> gate.enter(N1)).isInstanceOf(RpcFailed.class).hasMessageContaining("makes way");
    }

    @Test
    void itStaysOpenWhileSomethingIsUndoneOfWhatWasInside() throws Exception {
        assertThat(gate.closeIfEmpty(() -> false)).isFalse();

        gate.enter(N1);
        gate.leave(N1);
        assertThat(gate.closeIfEmpty(() -> true)).isTrue();
    }
}
