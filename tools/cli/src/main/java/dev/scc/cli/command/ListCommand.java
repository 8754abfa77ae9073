package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "All clusters with their phase.")
final class ListCommand implements Callable<Integer> {
    private final Session session;

    ListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer().answer(pool.clusters());
        }
        return ExitStatus.DONE.code();
    }
}
