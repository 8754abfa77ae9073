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
    void countersThatCountedNoErrorsSayThatAllIsWell() {
        assertThatCode(() -> Loopback.judge(moved(0, 0, Map.of())))
                .as("an adapter that counts only what leaves it")
                .doesNotThrowAnyException();
        assertThatCode(() -> Loopback.judge(moved(48, 48, Map.of()))).doesNotThrowAnyException();
        assertThatCode(() -> Loopback.judge(moved(99, 99, Map.of("resp_cqe_flush_error", 4L))))
                .as("what is flushed when a connection ends")
                .doesNotThrowAnyException();
        assertThatCode(() -> Loopback.judge(moved(99, 99, Map.of("rcvd_seq_err", -3L))))
                .as("a counter that somebody has set back")
                .doesNotThrowAnyException();
    }

    @Test
    void anErrorThatIsCountedMeanwhileIsNamed() {
        assertThatThrownBy(() -> Loopback.judge(moved(99, 99, Map.of("rcvd_seq_err", 2L))))
                .isInstanceOf(ProbeFailed.class)
                .hasMessage("its counter rcvd_seq_err rose by 2 meanwhile");
    }
}
