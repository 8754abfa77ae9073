package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.MeshView;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc mesh}. */
@Command(
        name = "mesh",
        mixinStandardHelpOptions = true,
        description = {
            "How long a cluster's members need to each other over RDMA, and whom they do not reach, while the cluster is in use:"
                    + " what agents that were started with --mesh have probed. Nothing is probed for this command.",
            "Figures are of the latest 60 probes of each pair; JSON has them one by one. Three in a row that are lost make a pair"
                    + " count as broken; events tell when that begins and ends."
        },
        footer = {
            "",
            "Exit status: 0 every pair that is probed is reached, 4 one is not or a member could not be asked.",
            "",
            "Examples:",
            "  scc mesh demo",
            "  scc mesh demo -o json"
        })
final class MeshCommand implements Callable<Integer> {
    private static final Duration EACH = Duration.ofSeconds(10);

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The cluster.")
    String name = "";

    MeshCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName cluster = UserMistake.reading(name, ClusterName::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            MeshView mesh = pool.mesh(cluster, session.options().timeoutOr(EACH))
                    .orElseThrow(() -> Pool.noSuchCluster("mesh " + cluster, cluster));
            session.printer().answer(mesh);
            return (mesh.ok() ? ExitStatus.DONE : ExitStatus.SOME_NODES_FAILED).code();
        }
    }
}
