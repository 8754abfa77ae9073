package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageTest {

    @Test
    void patternsMayHaveManyStarsAndHaveToBePatterns() {
        assertThat(new Stage(0, List.of("out/**/*.csv", "**a**a**a**a**a**a**b")).collect())
                .hasSize(2);
        assertThatThrownBy(() -> new Stage(0, List.of("out/[a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("out/[a");
    }
}
