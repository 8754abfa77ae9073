package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.render.Progress;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.client.ClusterClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Take a cluster down: its jobs end, and its nodes are free once their agents have proved them clean.",
        footer = {"", "Example:", "  scc delete demo"})
final class DeleteCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The cluster.")
    String name = "";

    DeleteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName cluster = new ClusterName(name);
        Outcome outcome;
        try (ClusterClient pool = Pool.connect(session.options());
                Progress progress = session.progress()) {
            outcome = pool.delete(
                    cluster,
                    ClusterClient.newRequestId(),
                    session.options().timeoutOr(PATIENCE),
                    event -> progress.now(ProgressWords.of(event)));
        }
        Outcomes.require("delete " + cluster, outcome);
        session.printer().remark("cluster " + cluster + " is deleted; its nodes are clean and free");
        return ExitStatus.DONE.code();
    }
}
