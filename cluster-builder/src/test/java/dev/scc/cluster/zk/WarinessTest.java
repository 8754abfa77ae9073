package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WarinessTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Wariness wariness = new Wariness(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void entriesAreExpectedToBeSmallUntilOneIsNot() {
        assertThat(wariness.raised()).isFalse();

        wariness.seen();
        assertThat(wariness.raised()).isTrue();
        pass(Duration.ofMinutes(10).minusNanos(1));
        assertThat(wariness.raised()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(wariness.raised()).isFalse();
    }

    @Test
    void aConnectionThatIsLostNowAndThenIsNoReason() {
        wariness.failed();
        pass(Duration.ofMinutes(1));
        wariness.failed();
        assertThat(wariness.raised()).isFalse();

        pass(Duration.ofMinutes(1).minusNanos(1));
        wariness.failed();
        assertThat(wariness.raised()).isTrue();
        pass(Duration.ofMinutes(1));
        assertThat(wariness.raised()).isFalse();
    }

    @Test
    void failuresDoNotShortenWhatHasBeenSeen() {
        wariness.seen();
        wariness.failed();
        wariness.failed();

        pass(Duration.ofMinutes(9));
        assertThat(wariness.raised()).isTrue();
    }
}
