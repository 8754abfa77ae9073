package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Op;
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
    void planThatIsNotMadeAnyMoreDoesNotRace() {
        streak();
        conflicts.beginPass();
        assertThat(conflicts.racing(PLAN)).isFalse();
    }
}
