package dev.scc.cli.command;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What becomes of a job that has lost a node. */
final class RestartOptions {
    @Option(
            names = "--restarts",
            paramLabel = "N",
            description =
                    "A job that has lost a node waits until its cluster is repaired, and is started again, at most so"
                            + " often; SCC_RESTART in its environment counts from 0. This command has to stay; scc job show has the"
                            + " jobs that it was before.")
    int most;

    @Option(
            names = "--restart-wait",
            paramLabel = "D",
            description = "How long the repair may take, each time; default 10m.")
    Duration patience = Duration.ofMinutes(10);

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "DIR",
            description =
                    "Ranks find this directory of the nodes in SCC_CHECKPOINT_DIR, at each attempt the same. Where it is not"
                            + " there it is made, as the job's user; it stays when the job is over. On a file system that"
                            + " the nodes share, it is there for whoever comes in a lost node's place.")
    @Nullable
    String checkpoints;

    /** @param directory that a path which does not begin at the root is in */
    Optional<String> checkpoints(String directory) {
        return Optional.ofNullable(checkpoints)
                .map(path -> path.startsWith("/") ? path : directory + (directory.endsWith("/") ? "" : "/") + path);
    }
}
