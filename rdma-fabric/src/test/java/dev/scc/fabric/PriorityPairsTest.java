package dev.scc.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityPairsTest {
    @Test
    void pairsAreRead() {
        assertThat(PriorityPairs.parse("0:3").egress()).isEqualTo(Map.of(0, 3));
        assertThat(PriorityPairs.parse("0:3,15:7").egress()).isEqualTo(Map.of(0, 3, 15, 7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is not two numbers",
                "3|is not two numbers",
                "0:3:4|is not two numbers",
                "0:3,|is not two numbers",
                "a:3|is not a number",
                "0:|is not a number",
                "0:0|is not 0 to 15",
                "0:8|is not 0 to 15",
                "16:3|is not 0 to 15",
                "-1:3|is not 0 to 15",
                "99999999999:3|is not a number",
                "0:3,0:4|is there twice"
            })
    void allElseIsRefused(String text, String why) {
        assertThatThrownBy(() -> PriorityPairs.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
