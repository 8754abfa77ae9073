package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void aPassedDeadlineFailsWithWhatIsMissing() {
        Deadline passed = Deadline.in(Duration.ZERO);

        assertThat(passed.passed()).isTrue();
        assertThatThrownBy(() -> passed.check("no answer from n2"))
                .isInstanceOf(ProbeFailed.class)
                .hasMessage("no answer from n2 within the time allowed");
    }

    @Test
    void theSoonerOfTwoCounts() {
        Deadline hour = Deadline.in(Duration.ofHours(1));

        assertThat(hour.orIn(Duration.ofHours(2))).isEqualTo(hour);
        assertThat(hour.orIn(Duration.ZERO).passed()).isTrue();
        assertThatCode(() -> hour.check("nothing")).doesNotThrowAnyException();
    }

    @Test
    void noSingleWaitIsLongerThanATenthOfASecond() {
        assertThat(Deadline.in(Duration.ofHours(1)).slice()).isEqualTo(100);
        assertThat(Deadline.in(Duration.ofMillis(50)).slice()).isBetween(1, 50);
        assertThat(Deadline.in(Duration.ofSeconds(-5)).slice()).isEqualTo(1);
    }

    @Test
    void anInterruptEndsTheWaiting() {
        Deadline hour = Deadline.in(Duration.ofHours(1));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> hour.check("nothing")).isInstanceOf(InterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
