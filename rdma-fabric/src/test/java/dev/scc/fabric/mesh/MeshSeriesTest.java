package dev.scc.fabric.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.NodeName;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeshSeriesTest {
    private static final NodeName N2 = new NodeName("n2");

    private final MeshSeries series = new MeshSeries(N2);

    private void answered(long at) {
        series.add(new MeshSample.Answered(at, 100, 120));
    }

    private void lost(long at) {
        series.add(new MeshSample.Lost(at, "nobody there"));
    }

    @Test
    void aWayIsBrokenWhenThreeInARowAreLostSinceTheFirstOfThem() {
        answered(1);
        lost(2);
        lost(3);
        assertThat(series.brokenSince()).isEmpty();
        lost(4);
        assertThat(series.brokenSince()).isEqualTo(OptionalLong.of(2));
        lost(5);
        assertThat(series.brokenSince()).isEqualTo(OptionalLong.of(2));
        assertThat(series.now(10).brokenSince()).contains(2L);

        answered(6);
        assertThat(series.brokenSince()).isEmpty();
        lost(7);
        lost(8);
        answered(9);
        lost(10);
        assertThat(series.brokenSince()).isEmpty();
        MeshPeer now = series.now(10);
        assertThat(now.probes()).isEqualTo(10);
        assertThat(now.lost()).isEqualTo(7);
        assertThat(now.peer()).isEqualTo(N2);
    }

    @Test
    void whoTurnsProbesAwayIsThereAndCountsNeitherAsAnswerNorAsLoss() {
        lost(1);
        lost(2);
        series.add(new MeshSample.TurnedAway(3, "no prober takes connections there"));
        lost(4);

        assertThat(series.brokenSince()).isEmpty();
        assertThat(series.now(10).probes()).isEqualTo(3);
        assertThat(series.now(10).latest()).hasSize(4);
    }

    @Test
    void onlyTheLatestAreKeptOneByOne() {
        for (int at = 0; at < MeshSeries.KEPT + 10; at++) {
            answered(at);
        }

        assertThat(series.now(Integer.MAX_VALUE).latest()).hasSize(MeshSeries.KEPT);
        assertThat(series.now(2).latest())
                .extracting(MeshSample::at)
                .containsExactly((long) MeshSeries.KEPT + 8, (long) MeshSeries.KEPT + 9);
        assertThat(series.now(0).latest()).isEmpty();
        assertThat(series.now(0).probes()).isEqualTo(MeshSeries.KEPT + 10);
    }

    @Test
    void whatIsNoMeasurementIsRefused() {
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e13}) {
            assertThatThrownBy(() -> new MeshSample.Answered(1, bad, bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new MeshSample.Answered(1, 5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new MeshSample.Lost(1, "x".repeat(5_000)).why()).hasSizeLessThanOrEqualTo(MeshSample.LONGEST_REASON);
    }
}
