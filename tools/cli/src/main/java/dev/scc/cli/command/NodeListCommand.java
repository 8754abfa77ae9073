package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.world.NodeState;
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
        session.printer().answer(wait == 0 ? once() : awaitFree());
        return ExitStatus.DONE.code();
    }

    private NodeList once() throws Failure, ServerUnreachable, InterruptedException {
        try (ClusterClient pool = Pool.connect(session.options())) {
            return pool.nodes();
        }
    }

    /** A server that is not there yet, or away for a while, is waited for as well. */
    private NodeList awaitFree() throws Failure, ServerUnreachable, InterruptedException {
        long end = System.nanoTime() + session.options().timeoutOr(PATIENCE).toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            try (ClusterClient pool = Pool.connect(session.options(), left.plus(LOOK_AGAIN))) {
                return awaitFree(pool, end);
            } catch (ServerUnreachable e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    private NodeList awaitFree(ClusterClient pool, long end) throws Failure, ServerUnreachable, InterruptedException {
        NodeList nodes = pool.nodes();
        while (free(nodes) < wait) {
            if (System.nanoTime() - end > 0) {
                throw new Failure(
                        ExitStatus.TIMED_OUT,
                        Problem.of(
                                "node list --wait " + wait,
                                free(nodes) + " nodes are free: " + states(nodes),
                                "look at the agents' logs on the nodes that are missing"));
            }
            Thread.sleep(LOOK_AGAIN);
            nodes = pool.nodes();
        }
        return nodes;
    }

    private static String states(NodeList nodes) {
        return nodes.nodes().stream()
                .map(node -> node.name() + " " + node.state())
                .collect(Collectors.joining(", "));
    }

    private static long free(NodeList nodes) {
        return nodes.nodes().stream()
                .filter(node -> node.state() == NodeState.FREE)
                .count();
    }
}
