package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.job.keeper.KeeperProcess;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc keeper}: started by agents, and of no use without one. */
@Command(
        name = "keeper",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = {
            "Keeps the jobs of a node while its agent is restarted. The agent starts it.",
            "Ends at SIGTERM, which ends its jobs; or when it has none and the agent has been away for a minute."
        },
        footer = {"", "Example:", "  scc keeper --data /var/lib/scc/agent/keeper"})
final class KeeperCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The directory keeper in its agent's data directory.")
    Path data = Path.of("");

    @Override
    public Integer call() throws Exception {
        try (KeeperProcess keeper = KeeperProcess.start(data)) {
            keeper.awaitUnwanted();
        } catch (InterruptedException e) {
            // Told to stop, which is how a daemon ends well.
        }
        return ExitStatus.DONE.code();
    }
}
