package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.view.NodeList;
import dev.scc.cluster.client.ClusterClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc node list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "All nodes: free, in a cluster, cordoned, lost, or dirty.",
        footer = {"", "Examples:", "  scc node list", "  scc node list --wait 4 --timeout 2m"})
final class NodeListCommand implements Callable<Integer> {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Session session;

    @Option(names = "--wait", paramLabel = "N", description = "Wait until N nodes are free.")
    int wait;

    NodeListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        long end = System.nanoTime() + session.options().timeoutOr(PATIENCE).toNanos();
        try (ClusterClient pool = Pool.connect(session.options())) {
            NodeList nodes = Answers.nodes(pool.nodes());
            while (free(nodes) < wait) {
                if (System.nanoTime() > end) {
                    throw new Failure(
                            ExitStatus.TIMED_OUT,
                            Problem.of(
                                    "node list --wait " + wait,
                                    free(nodes) + " nodes are free: " + states(nodes),
                                    "look at the agents' logs on the nodes that are missing"));
                }
                Thread.sleep(LOOK_AGAIN);
                nodes = Answers.nodes(pool.nodes());
            }
            session.printer().answer(nodes);
        }
        return ExitStatus.DONE.code();
    }

    private static String states(NodeList nodes) {
        return nodes.nodes().stream()
                .map(node -> node.name() + " " + node.state())
                .collect(Collectors.joining(", "));
    }

    private static long free(NodeList nodes) {
        return nodes.nodes().stream()
                .filter(node -> node.state().equals("Free"))
                .count();
    }
}
