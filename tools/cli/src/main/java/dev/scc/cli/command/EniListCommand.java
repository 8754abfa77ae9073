package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.EniList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc eni list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "All ENIs but those that clusters' members have by their cluster.",
        footer = {"", "Example:", "  scc eni list --vpc lab"})
final class EniListCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--vpc", paramLabel = "NAME", description = "Only those in this VPC.")
    @Nullable
    String vpc;

    @Option(names = "--node", paramLabel = "NODE", description = "Only those of this node.")
    @Nullable
    String node;

    EniListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer()
                    .answer(new EniList(pool.enis().enis().stream()
                            .filter(eni -> vpc == null || eni.vpc().equals(vpc))
                            .filter(eni -> node == null || eni.node().value().equals(node))
                            .toList()));
        }
        return ExitStatus.DONE.code();
    }
}
