package dev.scc.cli.command;

import dev.scc.job.rpc.KeeperRpc;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code scc job attach}. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        description =
                "Show what a job writes from now on, until it is over. The exit status is the job's. Ctrl-C leaves the job alone.",
        footer = {
            "",
            "Its standard input stays with the command that began it; scc job signal reaches its ranks.",
            "",
            "Example:",
            "  scc job attach demo-1f2e3d4c"
        })
final class JobAttachCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's id.")
    String id = "";

    @Mixin
    OutputOptions output = new OutputOptions();

    JobAttachCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        return JobFollowing.of(session, id, output).toTheEnd(KeeperRpc.Which.NEW);
    }
}
