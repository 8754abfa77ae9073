package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few of the runs that {@code tools/faults/run} does by the hundred: real processes, killed at random moments. */
class FaultsIT {
    private static final Path FOLDER = Path.of("../faults").toAbsolutePath().normalize();
    private static final Path EVIDENCE =
            Path.of("../../target/evidence/faults").toAbsolutePath().normalize();
    /** The agents are processes of this machine, whose file is none of theirs. */
    private static final Path HOSTS = Path.of("/etc/hosts");

    private static final int RUNS = 6;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyRandomFaultEndsWell(int servers) throws Exception {
        int seed = Integer.getInteger("seed", 1);
        String hosts = Files.readString(HOSTS);

        CommandResult result = new LocalCommands()
                .run(Command.of(
                                FOLDER.resolve("run").toString(),
                                "--runs",
                                Integer.toString(RUNS),
                                "--seed",
                                Integer.toString(seed),
                                "--nodes",
                                "8",
                                "--servers",
                                Integer.toString(servers),
                                "--keep",
                                EVIDENCE.resolve(servers + "-servers").toString())
                        .within(Duration.ofMinutes(15)));

        assertThat(result.status()).as(result.output() + result.errors()).isZero();
        assertThat(result.output()).contains(RUNS + " runs, 0 broken");
        assertThat(Files.readString(HOSTS)).isEqualTo(hosts);
    }

    @Test
    void theChecksFindWhatTheyAreFor() throws Exception {
        CommandResult result = new LocalCommands()
                .run(Command.of(FOLDER.resolve("test_checks.py").toString()));

        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(result.errors()).doesNotContain("Ran 0 tests").contains("OK");
    }
}
