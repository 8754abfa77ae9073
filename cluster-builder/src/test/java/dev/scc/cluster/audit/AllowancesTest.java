package dev.scc.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AllowancesTest {
    private static final long SECOND = 1_000_000_000L;

    private final Allowances allowances = new Allowances(3, 1);

    private long taken(String caller, int times, long nanos) {
        long taken = 0;
        for (int i = 0; i < times; i++) {
            taken += allowances.take(caller, nanos).isPresent() ? 1 : 0;
        }
        return taken;
    }

    /** Class of hole: a flood that hides what matters in an audit log. */
    @Test
    void oneWhoDoesTooMuchIsCountedAndDrivesNobodyElseOut() {
        assertThat(taken("eve", 10, 0)).isEqualTo(3);
        assertThat(taken("ada", 2, 0)).isEqualTo(2);

        assertThat(allowances.take("eve", SECOND)).isEqualTo(OptionalLong.of(7));
        assertThat(allowances.take("eve", SECOND)).isEmpty();
        assertThat(allowances.settle()).isEqualTo(List.of(new Allowances.LeftOut("eve", 1)));
        assertThat(allowances.settle()).isEmpty();
    }

    @Test
    void whatIsKnownOfCallersIsBounded() {
        taken("eve", 10, 0);
        for (int caller = 0; caller < 5_000; caller++) {
            taken("c" + caller, 1, 0);
        }

        assertThat(allowances.settle()).isEqualTo(List.of(new Allowances.LeftOut("others", 7)));
    }
}
