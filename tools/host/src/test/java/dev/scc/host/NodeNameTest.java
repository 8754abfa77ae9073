package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeNameTest {
    private static List<NodeName> names(String... values) {
        return Stream.of(values).map(NodeName::new).toList();
    }

    @Test
    void theNumbersInNamesCount() {
        List<NodeName> ordered = names(
                "1",
                "2",
                "10",
                "gate",
                "n",
                "n0",
                "n1",
                "n01",
                "n2",
                "n10",
                "n10-a",
                "n10a",
                "n11",
                "r1n2",
                "r1n10",
                "r2n1",
                "x99999999999999999999998",
                "x99999999999999999999999");
        List<NodeName> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(1));
        assertThat(new TreeSet<>(shuffled)).containsExactlyInAnyOrderElementsOf(ordered);
        Collections.sort(shuffled);
        assertThat(shuffled.stream().filter(name -> !name.value().equals("n01")))
                .containsExactlyElementsOf(ordered.stream()
                        .filter(name -> !name.value().equals("n01"))
                        .toList());
    }

    @Test
    void theOrderIsTotal() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            List<NodeName> three =
                    Stream.generate(() -> random(random)).limit(3).toList();
            for (NodeName a : three) {
                for (NodeName b : three) {
                    assertThat(Integer.signum(a.compareTo(b)))
                            .as("%s, %s", a, b)
                            .isEqualTo(-Integer.signum(b.compareTo(a)));
                    assertThat(a.compareTo(b) == 0).as("%s, %s", a, b).isEqualTo(a.equals(b));
                    for (NodeName c : three) {
                        if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0) {
                            assertThat(a.compareTo(c)).as("%s, %s, %s", a, b, c).isLessThanOrEqualTo(0);
                        }
                    }
                }
            }
        }
    }

    private static NodeName random(Random random) {
        StringBuilder name = new StringBuilder("a");
        for (int at = random.nextInt(6); at > 0; at--) {
            name.append("a0019".charAt(random.nextInt(5)));
        }
        return new NodeName(name.toString());
    }

    @ParameterizedTest
    @CsvSource({"n1,1,n2", "n9,1,n10", "n09,1,n10", "n009,2,n011", "r1n99,1,r1n100", "7,3,10", "n0,0,n0", "n-5,5,n-10"})
    void theNumberAtTheEndGoesUp(String name, int count, String then) {
        assertThat(new NodeName(name).plus(count)).contains(new NodeName(then));
    }

    @Test
    void withoutANumberOrWithoutRoomThereIsNone() {
        assertThat(new NodeName("gate").plus(1)).isEmpty();
        assertThat(new NodeName("n1a").plus(1)).isEmpty();
        assertThat(new NodeName("n" + BigInteger.TEN.pow(20)).plus(1)).isEmpty();
        assertThat(new NodeName("n".repeat(62) + "9").plus(1)).isEmpty();
    }
}
