package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageTest {

    /** Class of hole: a pattern that takes longer than anybody waits. */
    @Test
    void aPatternHasFewStars() {
        assertThat(new Stage(0, List.of("out/**/*.csv", "**a**a**b*c*")).collect())
                .hasSize(2);
        assertThatThrownBy(() -> new Stage(0, List.of("**a**a**a**a**b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("**a**a**a**a**b");
    }
}
