package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.job.Mapping;
import dev.scc.job.RankSeat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankReasonTest {
    private static Optional<RankSeat> near(String nearest, Optional<String> rail) {
        return Optional.of(new RankSeat(Optional.of(1), Optional.of(nearest), rail));
    }

    private static Optional<Mapping> by(Mapping.By by) {
        return Optional.of(new Mapping(by, false));
    }

    @Test
    void withoutAMappingTheKernelDecides() {
        assertThat(RankReason.of(Optional.empty(), Optional.empty(), "rxe0")).isEqualTo("the kernel decides");
    }

    @Test
    void aDeviceThatIsNearerThanTheJobsIsNamed() {
        assertThat(RankReason.of(by(Mapping.By.NUMA), near("mlx5_1", Optional.empty()), "mlx5_0"))
                .isEqualTo("the next core without a rank, NUMA domains in turn; mlx5_1 is nearer, but the cluster is on"
                        + " mlx5_0");
        assertThat(RankReason.of(by(Mapping.By.CORE), near("mlx5_0", Optional.empty()), "mlx5_0"))
                .isEqualTo("the next core without a rank");
        assertThat(RankReason.of(by(Mapping.By.CORE), near("mlx5_1", Optional.empty()), ""))
                .isEqualTo("the next core without a rank");
    }

    @Test
    void aRankIsNearItsRailOnlyWhereThatIsTheNearest() {
        assertThat(RankReason.of(by(Mapping.By.RAIL), near("mlx5_1", Optional.of("mlx5_1")), "mlx5_1"))
                .isEqualTo("the next core without a rank near rail mlx5_1");
        assertThat(RankReason.of(by(Mapping.By.RAIL), near("mlx5_0", Optional.of("mlx5_1")), "mlx5_0"))
                .isEqualTo("the next core without a rank, for rail mlx5_1");
        assertThat(RankReason.of(Optional.of(new Mapping(Mapping.By.SOCKET, true)), Optional.empty(), ""))
                .isEqualTo("the core with the fewest ranks, sockets in turn");
    }
}
