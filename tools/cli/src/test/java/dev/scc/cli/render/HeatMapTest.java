package dev.scc.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.view.VerifyView;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeatMapTest {
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");

    @Test
    void everyPairHasItsSign() {
        VerifyView view = SampleFabric.view(
                4,
                pair -> Set.of(pair.active(), pair.passive()).equals(Set.of(N2, N3)),
                pair -> pair.has(new NodeName("n4")) && pair.has(new NodeName("n1")),
                "cable");

        assertThat(HeatMap.of(view, false)).startsWith("""
                n1  \\ . . +\s
                n2  . \\ X .\s
                n3  . X \\ .\s
                n4  + . . \\\s
                """).contains("X failed");
    }

    @Test
    void coloursOnlyAddToTheSigns() {
        VerifyView view = SampleFabric.view(6, pair -> pair.has(N3), pair -> pair.has(N2), "cable");

        String coloured = HeatMap.of(view, true);

        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(HeatMap.of(view, false));
    }

    @Test
    void twoNodesNeedNoPicture() {
        assertThat(HeatMap.of(SampleFabric.view(2, _ -> false, _ -> false, ""), false))
                .isEmpty();
    }

    @Test
    void moreNodesThanFitAreJoinedAndNoFailureIsLost() {
        VerifyView view = SampleFabric.view(100, pair -> pair.has(new NodeName("n57")) && pair.has(N3), _ -> false, "");

        String map = HeatMap.of(view, false);

        List<String> rows = map.lines().toList();
        assertThat(rows).hasSizeLessThanOrEqualTo(33);
        assertThat(rows.subList(0, rows.size() - 1).stream()
                        .filter(row -> row.contains("X"))
                        .count())
                .isBetween(1L, 2L);
    }
}
