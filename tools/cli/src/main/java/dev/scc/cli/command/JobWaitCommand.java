package dev.scc.cli.command;

import dev.scc.job.rpc.KeeperRpc;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc job wait}. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = "Wait until a job is over. The exit status is the job's.",
        footer = {"", "Example:", "  scc job wait demo-1f2e3d4c --timeout 1h"})
final class JobWaitCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's id.")
    String id = "";

    JobWaitCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        return JobFollowing.of(session, id, new OutputOptions()).toTheEnd(KeeperRpc.Which.NONE);
    }
}
