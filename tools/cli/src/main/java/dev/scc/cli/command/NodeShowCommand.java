package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc node show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "A node: kernel, cores, memory, NICs, RDMA devices with their GIDs.",
        footer = {"", "Example:", "  scc node show n1"})
final class NodeShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NODE", description = "The node.")
    String node = "";

    NodeShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        NodeName name = UserMistake.reading(node, NodeName::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer()
                    .answer(pool.node(name)
                            .orElseThrow(() -> new Failure(
                                    ExitStatus.FAILED,
                                    Problem.of(
                                            "node show " + name,
                                            "there is no node " + name,
                                            "scc node list shows which there are"))));
        }
        return ExitStatus.DONE.code();
    }
}
