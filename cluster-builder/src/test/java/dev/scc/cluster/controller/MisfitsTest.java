package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Op;
import org.junit.jupiter.api.Test;

class MisfitsTest {
    private static final String PLAN = "a plan";

    private final Misfits misfits = new Misfits();

    private void misfit() {
        misfits.beginPass();
        misfits.note(new Conflict(0, new Op.Set("/a", "", 1), Conflict.Why.OTHER_VERSION));
        misfits.attempted(PLAN);
    }

    @Test
    void planRacesUntilItHasNotFittedManyTimesInARow() {
        for (int times = 1; times < Misfits.MANY; times++) {
            misfit();
            assertThat(misfits.racing(PLAN)).as("after %d", times).isTrue();
        }
        misfit();
        assertThat(misfits.racing(PLAN)).isFalse();
    }

    @Test
    void planThatFitsDoesNotRace() {
        misfit();
        misfits.beginPass();
        misfits.attempted(PLAN);
        assertThat(misfits.racing(PLAN)).isFalse();

        misfit();
        assertThat(misfits.racing(PLAN)).isTrue();
    }

    @Test
    void planThatIsNotMadeAnyMoreDoesNotRace() {
        misfit();
        misfits.beginPass();
        assertThat(misfits.racing(PLAN)).isFalse();
    }
}
