package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.inventory.RdmaCounters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopbackTest {
    private static RdmaCounters moved(long sent, long received, Map<String, Long> errors) {
        return new RdmaCounters(sent, received, errors);
    }

    @Test
    void countersThatMovedByWhatTheDataMakeAndCountedNoErrorsAreProof() {
        assertThatCode(() -> Loopback.judge(moved(48, 48, Map.of()), 48)).doesNotThrowAnyException();
        assertThatCode(() -> Loopback.judge(moved(99, 99, Map.of("resp_cqe_flush_error", 4L)), 48))
                .as("what is flushed when a connection ends")
                .doesNotThrowAnyException();
        assertThatCode(() -> Loopback.judge(moved(99, 99, Map.of("rcvd_seq_err", -3L)), 48))
                .as("a counter that somebody has set back")
                .doesNotThrowAnyException();
    }

    @Test
    void countersThatHaveNotMovedSayThatItWasNotTheDevice() {
        assertThatThrownBy(() -> Loopback.judge(moved(47, 48, Map.of()), 48))
                .isInstanceOf(ProbeFailed.class)
                .hasMessage(
                        "not proven to be RDMA: the data make at least 48 packets, and the device counted 47 sent and 48"
                                + " received");
        assertThatThrownBy(() -> Loopback.judge(moved(48, 0, Map.of()), 48)).hasMessageContaining("and 0 received");
    }

    @Test
    void anErrorThatIsCountedMeanwhileIsNamed() {
        assertThatThrownBy(() -> Loopback.judge(moved(99, 99, Map.of("rcvd_seq_err", 2L)), 48))
                .isInstanceOf(ProbeFailed.class)
                .hasMessage("its counter rcvd_seq_err rose by 2 meanwhile");
    }
}
