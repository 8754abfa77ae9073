package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Happening;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HearingTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final Instant NOW = Instant.ofEpochSecond(1_000);

    private final Hearing hearing = new Hearing();

    @Test
    void whoHasToldSomethingIsHeardAgainAfterTenSeconds() {
        hearing.note(List.of(new Happening.NodeRepaired(N1, "link:eni0")), NOW);

        assertThat(hearing.heard(NOW)).containsExactly(N1);
        assertThat(hearing.untilNext(NOW.plusSeconds(4))).isEqualTo(Duration.ofSeconds(6));
        assertThat(hearing.heard(NOW.plusSeconds(10))).isEmpty();
        assertThat(hearing.untilNext(NOW.plusSeconds(10))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aClockThatIsSetBackSilencesNobody() {
        hearing.note(List.of(new Happening.NodeRepaired(N1, "link:eni0")), NOW);

        assertThat(hearing.heard(NOW.minusSeconds(3_600))).isEmpty();
    }

    @Test
    void whatTheControllerFindsOutItselfDoesNotCount() {
        hearing.note(List.of(new Happening.NodeBack(N1)), NOW);

        assertThat(hearing.heard(NOW)).isEmpty();
    }

    @Test
    void whoseTimeIsOverIsWaitedForByNobody() {
        hearing.note(List.of(new Happening.NodeRepaired(N1, "link:eni0")), NOW);

        assertThat(hearing.untilNext(NOW.plusSeconds(11))).isEqualTo(Duration.ofHours(1));
    }
}
