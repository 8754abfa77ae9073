package dev.scc.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Json;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficClassTest {
    /** As Linux's ip_tos2prio has it. */
    @ParameterizedTest
    @CsvSource({"0,0", "8,0", "26,2", "27,2", "46,4", "12,6"})
    void thePriorityThatTheKernelMakesOfADscpGoesWherePriority0Goes(int dscp, int kernel) {
        TrafficClass traffic = new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(dscp));

        assertThat(traffic.egress()).isEqualTo(kernel == 0 ? Map.of(0, 3) : Map.of(0, 3, kernel, 3));
        assertThat(traffic.tos()).contains(dscp * 4);
    }

    @Test
    void whatIsSaidAboutThatPriorityStays() {
        assertThat(new TrafficClass(PriorityPairs.parse("0:3,2:5"), Optional.of(26)).egress())
                .isEqualTo(Map.of(0, 3, 2, 5));
    }

    @Test
    void aDscpAloneNeedsNoMap() {
        assertThat(new TrafficClass(PriorityPairs.NONE, Optional.of(26)).egress())
                .isEmpty();
    }

    @Test
    void itSaysWhatMayBeLost() {
        assertThat(TrafficClass.NONE.words()).contains("may lose packets");
        assertThat(new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(26)).words())
                .isEqualTo("DSCP 26 (type of service 104), priorities 0:3,2:3");
    }

    @Test
    void itIsReadAsItIsWritten() {
        TrafficClass traffic = new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(26));

        assertThat(Json.read(Json.write(traffic), TrafficClass.class)).isEqualTo(traffic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "-1", "", "af31", "999999999999"})
    void whatIsNoDscpIsRefused(String text) {
        assertThatThrownBy(() -> TrafficClass.parseDscp(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
