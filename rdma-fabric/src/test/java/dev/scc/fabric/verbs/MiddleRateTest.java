package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MiddleRateTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void theBeginAndTheEndDoNotCount() {
        MiddleRate rate = new MiddleRate(0, 4 * SECOND);
        int blocks = 0;
        // One block a millisecond, but in the first and in the last second ten.
        for (long milli = 1; milli <= 4000; milli++) {
            blocks += milli < 1000 || milli > 3000 ? 10 : 1;
            assertThat(rate.after(blocks, milli * 1_000_000)).isEqualTo(milli < 4000);
        }

        assertThat(rate.blocksPerSecond()).isCloseTo(1000, within(10.0));
    }

    @Test
    void aFlowOfOneBlockHasARateToo() {
        MiddleRate rate = new MiddleRate(0, SECOND);
        assertThat(rate.after(1, 2 * SECOND)).isFalse();

        assertThat(rate.blocksPerSecond()).isCloseTo(0.5, within(0.01));
    }

    @Test
    void aFlowThatMovedNothingHasNone() {
        assertThat(new MiddleRate(0, SECOND).blocksPerSecond()).isZero();
    }
}
