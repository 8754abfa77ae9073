package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostListTest {
    private static List<NodeName> names(String... names) {
        return Stream.of(names).map(NodeName::new).toList();
    }

    @Test
    void rangesNumbersAndPlainNamesAreRead() {
        assertThat(HostList.parse("n[1-3,10],gate, n[08-10]-ib"))
                .isEqualTo(names("n1", "n2", "n3", "n10", "gate", "n08-ib", "n09-ib", "n10-ib"));
        assertThat(HostList.parse("n2,n1,n2")).isEqualTo(names("n2", "n1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n1,n2,n3,n10|n[1-3,10]",
                "n9,n10,n11|n[9-11]",
                "n01,n02,n10,n1|n[1,10],n[01-02]",
                "gate,n1|gate,n1",
                "a1b,a2b|a1b,a2b",
                "n1|n1",
            })
    void namesAreWrittenShort(String names, String written) {
        assertThat(HostList.format(names(names.split(",")))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n[1-|needs exactly one pair of brackets",
                "n[1][2]|needs exactly one pair of brackets",
                "n[]|is not a number or a range",
                "n[1-x]|is not a number or a range",
                "n[3-1]|runs backwards",
                "n1,,n2|is not a host name label",
                "N[1-2]|is not a host name label",
                "n[1-999999999]|names more than 100000 nodes",
            })
    void whatIsWrongIsNamed(String text, String why) {
        assertThatThrownBy(() -> HostList.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            TreeSet<NodeName> names = new TreeSet<>();
            for (int count = random.nextInt(12); count >= 0; count--) {
                String digits = "%0" + (1 + random.nextInt(3)) + "d";
                names.add(new NodeName(List.of("n", "a-", "x0", "").get(random.nextInt(4))
                        + digits.formatted(random.nextInt(20))
                        + (random.nextInt(5) == 0 ? "z" : "")));
            }

            assertThat(new TreeSet<>(HostList.parse(HostList.format(names))))
                    .as("seed %d: %s", seed, names)
                    .isEqualTo(names);
        }
    }
}
