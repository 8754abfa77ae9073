package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A few of the runs that {@code tools/faults/run} does by the hundred: real processes, killed at random moments. */
class FaultsIT {
    private static final Path TOOL = Path.of("../faults/run").toAbsolutePath().normalize();
    private static final int RUNS = 6;

    @Test
    void everyRandomFaultEndsWell() throws Exception {
        int seed = Integer.getInteger("seed", 1);

        CommandResult result = new LocalCommands()
                .run(Command.of(
                                TOOL.toString(),
                                "--runs",
                                Integer.toString(RUNS),
                                "--seed",
                                Integer.toString(seed),
                                "--nodes",
                                "6",
                                "--keep",
                                Path.of("../../target/evidence/faults")
                                        .toAbsolutePath()
                                        .normalize()
                                        .toString())
                        .within(Duration.ofMinutes(10)));

        assertThat(result.status()).as(result.output() + result.errors()).isZero();
        assertThat(result.output()).contains(RUNS + " runs, 0 broken");
    }
}
