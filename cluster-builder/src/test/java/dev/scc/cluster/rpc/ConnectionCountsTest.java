package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionCountsTest {
    private final ConnectionCounts counts = new ConnectionCounts(3);

    /** Class of hole: connections that one holds open until there are none for others. */
    @Test
    void aCallerHasNoMoreThanHisAndOthersHaveTheirs() {
        for (int i = 0; i < 3; i++) {
            assertThat(counts.take("user:eve")).isTrue();
        }

        assertThat(counts.take("user:eve")).isFalse();
        assertThat(counts.take("user:ada")).isTrue();
        counts.giveBack("user:eve");
        assertThat(counts.take("user:eve")).isTrue();
    }

    @Test
    void whoHasNoneIsForgotten() {
        counts.take("user:eve");
        counts.giveBack("user:eve");
        counts.giveBack("user:eve");

        assertThat(counts.callers()).isZero();
    }
}
