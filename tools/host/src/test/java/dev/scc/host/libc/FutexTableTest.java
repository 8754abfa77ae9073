package dev.scc.host.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FutexTableTest {

    @Test
    void aKernelThatLetsAProcessChooseSaysWhatItChose() {
        for (int threads : new int[] {1, 1000, 1024, 5000}) {
            if (FutexTable.fit(threads)) {
                assertThat(FutexTable.slots().orElseThrow()).isBetween(threads, Math.max(2, 2 * threads));
            } else {
                // A kernel before Linux 6.16, or without tables of processes, which says neither.
                assertThat(FutexTable.slots().orElse(0)).isZero();
            }
        }
    }

    @Test
    void noThreadsOrTooManyAreAMistake() {
        assertThatThrownBy(() -> FutexTable.fit(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FutexTable.fit((1 << 30) + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
