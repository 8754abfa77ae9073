package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc node uncordon}. */
@Command(
        name = "uncordon",
        mixinStandardHelpOptions = true,
        description = "Give clusters to these nodes again.",
        footer = {"", "Example:", "  scc node uncordon n7"})
final class NodeUncordonCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "The nodes.")
    List<String> nodes = List.of();

    NodeUncordonCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        List<NodeName> names = nodes.stream()
                .map(text -> UserMistake.reading(text, NodeName::new))
                .toList();
        Duration longest = session.options().timeoutOr(PATIENCE);
        try (ClusterClient pool = Pool.connect(session.options())) {
            for (NodeName node : names) {
                Outcomes.require(
                        Subject.NODE,
                        "node uncordon " + node,
                        pool.uncordon(node, ClusterClient.newRequestId(), longest));
                session.printer().remark("node " + node + " gets clusters again");
            }
        }
        return ExitStatus.DONE.code();
    }
}
