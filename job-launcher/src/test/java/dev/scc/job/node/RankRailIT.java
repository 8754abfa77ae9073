package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranks that a launcher has placed find out themselves which of their node's rails is theirs. */
class RankRailIT {

    @ParameterizedTest
    @CsvSource({"0, mlx5_0", "1, mlx5_1"})
    void aRankHasTheRailOfItsNumberOnTheNodeAndDoesNotSeeTheOthers(String local, String rail) throws Exception {
        Command rank = Command.of(
                "env",
                "OMPI_COMM_WORLD_LOCAL_RANK=" + local,
                "SCC_CPUS=0 0",
                "SCC_RAILS=mlx5_0 mlx5_1",
                JobTools.installed().rank().toString(),
                "sh",
                "-c",
                "echo $SCC_RAIL; echo ${SCC_RAILS-none}");

        assertThat(new LocalCommands().check(rank).lines()).containsExactly(rail, "none");
    }
}
