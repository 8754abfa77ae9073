package dev.scc.cli.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** What becomes of a job that has lost a node. */
final class RestartOptions {
    @Option(
            names = "--restarts",
            paramLabel = "N",
            description =
                    "A job that has lost a node waits until its cluster is repaired, and is started again, at most so"
                            + " often; SCC_RESTART in its environment counts from 0. This command has to stay.")
    int most;

    @Option(
            names = "--restart-wait",
            paramLabel = "D",
            description = "How long the repair may take, each time; default 10m.")
    Duration patience = Duration.ofMinutes(10);
}
