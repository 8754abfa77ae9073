package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.verify.Pair;
import dev.scc.host.NodeName;
import org.junit.jupiter.api.Test;

class CounterProofTest {
    private final CounterProof proof = new CounterProof(new Pair(new NodeName("n1"), new NodeName("n2")), 300, 200);

    @Test
    void countersThatMovedByWhatTheBytesImplyAreProof() {
        assertThatCode(() -> proof.check(300, 200, 200, 300)).doesNotThrowAnyException();
        assertThatCode(() -> proof.check(999, 999, 999, 999)).doesNotThrowAnyException();
    }

    @Test
    void eachCounterThatMovedTooLittleIsNamed() {
        assertThatThrownBy(() -> proof.check(299, 200, 200, 300))
                .isInstanceOf(ProbeFailed.class)
                .hasMessage(
                        "not proven to be RDMA: the data makes at least 300 packets that n1 sent, its device counted 299");
        assertThatThrownBy(() -> proof.check(300, 199, 200, 300)).hasMessageContaining("n1 received");
        assertThatThrownBy(() -> proof.check(300, 200, 199, 300)).hasMessageContaining("n2 sent");
        assertThatThrownBy(() -> proof.check(300, 200, 200, 0)).hasMessageContaining("n2 received");
    }
}
