package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeftoverServiceTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeLeftover LINK = NodeLeftover.of("link:eni0", "the node serves none");
    private static final NodeLeftover FILE = NodeLeftover.of("file /run/x", "no job of that name runs on this node");

    private final AtomicInteger signals = new AtomicInteger();

    private LeftoverService service(LeftoverService.Source... sources) {
        return new LeftoverService(N1, () -> List.of(sources), signals::incrementAndGet);
    }

    @Test
    void allSourcesAreAskedAndAPassFollowsWhatIsRemoved() throws Exception {
        LeftoverService service =
                service(remove -> List.of(LINK.withProblem(remove ? "busy" : "")), remove -> List.of(FILE));

        assertThat(service.look(N1, true))
                .isEqualTo(new LeftoverRpc.Looked(N1, List.of(LINK.withProblem("busy"), FILE)));
        assertThat(signals).hasValue(1);
    }

    @Test
    void noPassIsHastenedWhereNothingIsToBeChanged() throws Exception {
        assertThat(service(_ -> List.of(LINK)).look(N1, false).found()).containsExactly(LINK);

        assertThat(signals).hasValue(0);
    }

    @Test
    void nodeThatCannotLookSaysSo() {
        LeftoverService service = service(_ -> {
            throw new IOException("the ledger cannot be read");
        });

        assertThatThrownBy(() -> service.look(N1, true))
                .isInstanceOf(RpcFailed.class)
                .hasMessage("node n1 cannot look: the ledger cannot be read");
    }

    /** An agent that moved to the address of another must not clear away there what is looked for here. */
    @Test
    void anAgentDoesNotLookForAnotherNode() {
        LeftoverService service = service(_ -> {
            throw new AssertionError("nobody is asked");
        });

        assertThatThrownBy(() -> service.look(new NodeName("n2"), true))
                .isInstanceOfSatisfying(
                        RpcFailed.class, failed -> assertThat(failed.kind()).isEqualTo(RpcFailed.Kind.INVALID))
                .hasMessage("this is not the agent of node n2");
        assertThat(signals).hasValue(0);
    }
}
