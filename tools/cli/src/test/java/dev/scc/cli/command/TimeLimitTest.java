package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @Test
    void workThatTakesTooLongIsATimeOutAndNoInterruption() {
        assertThatThrownBy(() ->
                        TimeLimit.within(Optional.of(Duration.ofMillis(20)), "run on demo", "ended", this::waitForEver))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.status()).isEqualTo(ExitStatus.TIMED_OUT));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptForAnotherReasonStaysOne() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() ->
                        TimeLimit.within(Optional.of(Duration.ofHours(1)), "run on demo", "ended", this::waitForEver))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void workThatIsDoneInTimeHasItsResult() throws Exception {
        assertThat(TimeLimit.<Integer>within(Optional.of(Duration.ofHours(1)), "run on demo", "ended", () -> 7))
                .isEqualTo(7);
        assertThat(TimeLimit.<Integer>within(Optional.empty(), "run on demo", "ended", () -> 8))
                .isEqualTo(8);
    }

    private int waitForEver() throws InterruptedException {
        NEVER.await();
        return 0;
    }
}
