package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.job.rpc.KeeperRpc;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc job logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Show what a job has written, as far as it is kept.",
        footer = {"", "Example:", "  scc job logs -f demo-1f2e3d4c"})
final class JobLogsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's id.")
    String id = "";

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what it writes, until it is over.")
    boolean follow;

    JobLogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        JobFollowing job = JobFollowing.of(session, id, output);
        if (follow) {
            job.toTheEnd(KeeperRpc.Which.ALL);
        } else {
            job.soFar();
        }
        return ExitStatus.DONE.code();
    }
}
