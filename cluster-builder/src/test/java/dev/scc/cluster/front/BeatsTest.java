package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class BeatsTest {
    @Test
    void beatsAreSaidAgainAndAgainUntilItIsOver() throws Exception {
        Semaphore said = new Semaphore(0);
        try (Beats _ = Beats.every(Duration.ofMillis(1), said::release)) {
            said.acquire(3);
        }
        said.drainPermits();
        // One may have been on its way.
        assertThat(said.tryAcquire(3, Duration.ofMillis(100).toNanos(), TimeUnit.NANOSECONDS))
                .isFalse();
    }

    @Test
    void whoWantsNoneHearsNone() throws Exception {
        Semaphore said = new Semaphore(0);
        try (Beats _ = Beats.every(Duration.ZERO, said::release)) {
            assertThat(said.tryAcquire(Duration.ofMillis(50).toNanos(), TimeUnit.NANOSECONDS))
                    .isFalse();
        }
    }
}
