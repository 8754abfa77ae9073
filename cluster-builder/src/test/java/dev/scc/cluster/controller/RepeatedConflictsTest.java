package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Op;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatedConflictsTest {
    private static final String PLAN = "a plan";

    private final RepeatedConflicts conflicts = new RepeatedConflicts();

    private void streak() {
        conflicts.beginPass();
        conflicts.note(new Conflict(0, new Op.Set("/a", "", 1), Conflict.Why.OTHER_VERSION));
        conflicts.attempted(PLAN);
    }

    @Test
    void planRacesUntilItHasNotFittedManyTimesInARow() {
        for (int times = 1; times < RepeatedConflicts.MANY; times++) {
            streak();
            assertThat(conflicts.racing(PLAN)).as("after %d", times).isTrue();
        }
        streak();
        assertThat(conflicts.racing(PLAN)).isFalse();
    }

    @Test
    void planThatFitsDoesNotRace() {
        streak();
        conflicts.beginPass();
        conflicts.attempted(PLAN);
        assertThat(conflicts.racing(PLAN)).isFalse();

        streak();
        assertThat(conflicts.racing(PLAN)).isTrue();
    }

    @Test
    void planThatFitsBeginsAnew() {
        streak();
        streak();
        conflicts.attempted(PLAN);
        streak();

        assertThat(conflicts.pause()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void planThatIsNotMadeAnyMoreDoesNotRace() {
        streak();
        conflicts.beginPass();
        assertThat(conflicts.racing(PLAN)).isFalse();
    }

    @Test
    void whatIsKnownOfTheTreeIsDoubtedOnceWhenAPlanHasNotFittedTwice() {
        for (boolean doubtful : List.of(false, true, false, false)) {
            streak();
            assertThat(conflicts.doubtful()).isEqualTo(doubtful);
        }
        conflicts.beginPass();
        assertThat(conflicts.doubtful()).isFalse();
    }

    @Test
    void thePauseDoublesWithEachConflictAndIsThatOfThePlanThatHasFittedLatest() {
        assertThat(conflicts.pause()).isEqualTo(Duration.ofHours(1));
        for (long millis : List.of(20L, 40L, 80L, 160L)) {
            streak();
            assertThat(conflicts.pause()).isEqualTo(Duration.ofMillis(millis));
        }

        conflicts.note(new Conflict(0, new Op.Set("/b", "", 1), Conflict.Why.OTHER_VERSION));
        conflicts.attempted("another plan");
        assertThat(conflicts.pause()).isEqualTo(Duration.ofMillis(20));

        for (int times = 0; times < 40; times++) {
            streak();
        }
        assertThat(conflicts.pause()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aPlanThatIsNotMadeAnyMoreIsForgottenAtTheEndOfAPass() {
        streak();
        streak();
        conflicts.endPass();
        streak();
        assertThat(conflicts.pause()).isEqualTo(Duration.ofMillis(80));

        conflicts.beginPass();
        conflicts.endPass();
        streak();
        assertThat(conflicts.pause()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void howOftenAndWhyAPlanHasNotFittedIsToldEachTime() {
        assertThat(conflicts.attempted(PLAN)).isEmpty();
        Conflict conflict = new Conflict(0, new Op.Set("/a", "", 1), Conflict.Why.OTHER_VERSION);
        for (int times = 1; times <= 3; times++) {
            conflicts.note(conflict);
            assertThat(conflicts.attempted(PLAN)).contains(new RepeatedConflicts.Streak(times, conflict.words()));
        }
        assertThat(conflicts.attempted("another plan")).isEmpty();
        conflicts.note(conflict);
        conflicts.beginPass();
        assertThat(conflicts.attempted("another plan")).isEmpty();
    }
}
