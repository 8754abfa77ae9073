package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc vpc list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "All VPCs, and who is in them; those that clusters have of their own among them.",
        footer = {"", "Example:", "  scc vpc list -o json"})
final class VpcListCommand implements Callable<Integer> {
    private final Session session;

    VpcListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer().answer(pool.vpcs());
        }
        return ExitStatus.DONE.code();
    }
}
