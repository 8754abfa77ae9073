package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeStampCounterTest {
    @Test
    void anEmulatedGuestIsToldHowFastItsCounterRuns() throws InterruptedException {
        assertThat(TimeStampCounter.parameters("2096004"))
                .isEqualTo(" no_timer_check tsc=reliable tsc_early_khz=2096004");
        assertThat(TimeStampCounter.parameters()).containsPattern(" tsc_early_khz=[1-9][0-9]+$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-2096004", "2096004 init=/bin/sh", "99999999999", "nan", "inf"})
    void whatIsNoFrequencyIsLeftForTheGuestToMeasure(String khz) {
        assertThat(TimeStampCounter.parameters(khz)).isEqualTo(" no_timer_check tsc=reliable");
    }
}
