package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodePaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final NodePace pace = new NodePace(now::get);

    @Test
    void aNodeMayAskForMuchAtOnceAndThenForSoMuchASecond() {
        int large = (16 << 10) - NodePace.OF_EACH;
        for (int i = 0; i < NodePace.AT_ONCE / (16 << 10); i++) {
            assertThat(pace.take("n1", large)).isZero();
        }

        assertThat(pace.take("n1", large)).isEqualTo(SECOND / 32);
        assertThat(pace.take("n2", large)).as("another's").isZero();
        now.addAndGet(SECOND / 32);
        assertThat(pace.take("n1", large)).isEqualTo(SECOND / 32);
        now.addAndGet(SECOND);
        assertThat(pace.take("n1", large)).isZero();
    }

    @Test
    void noRequestMakesANodeWaitForLongerThanItsSessionLives() {
        for (int i = 0; i < 1000; i++) {
            now.addAndGet(pace.take("n1", NodeRequests.LARGEST));
        }

        assertThat(pace.take("n1", NodeRequests.LARGEST)).isLessThan(2 * SECOND);
    }

    @Test
    void manyNodesAreNotRememberedForGood() {
        for (int i = 0; i < 10_000; i++) {
            pace.take("n" + i, 1);
            now.addAndGet(SECOND);
        }

        assertThat(pace.take("n0", 1)).isZero();
        assertThat(pace.known()).isLessThan(5000);
    }
}
