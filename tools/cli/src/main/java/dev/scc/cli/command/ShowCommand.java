package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "A cluster: its nodes with their addresses and GIDs, networks, phases, verification.",
        footer = {"", "Example:", "  scc show demo -o json"})
final class ShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The cluster.")
    String name = "";

    ShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName cluster = UserMistake.reading(name, ClusterName::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer()
                    .answer(pool.cluster(cluster).orElseThrow(() -> Pool.noSuchCluster("show " + cluster, cluster)));
        }
        return ExitStatus.DONE.code();
    }
}
