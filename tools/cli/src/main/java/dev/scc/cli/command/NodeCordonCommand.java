package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc node cordon}. */
@Command(
        name = "cordon",
        mixinStandardHelpOptions = true,
        description = {
            "Give no cluster to these nodes from now on. What they serve stays.",
            "Why is shown with the node, and in the answer to whoever finds not enough nodes."
        },
        footer = {"", "Example:", "  scc node cordon n7 --reason \"fan 2 is broken\""})
final class NodeCordonCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "The nodes.")
    List<String> nodes = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; default: by hand.")
    String reason = "by hand";

    NodeCordonCommand(Session session) {
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
                        "node cordon " + node,
                        pool.cordon(node, reason, ClusterClient.newRequestId(), longest));
                session.printer().remark("node " + node + " gets no cluster from now on");
            }
        }
        return ExitStatus.DONE.code();
    }
}
