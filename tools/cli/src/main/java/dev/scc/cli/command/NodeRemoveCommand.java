package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc node remove}. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = {
            "Take nodes that will not come back out of the pool: those whose agents are gone, and that are in no cluster.",
            "An agent that starts there later joins the pool as a new node."
        },
        footer = {"", "Example:", "  scc node remove n7 --gone"})
final class NodeRemoveCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "The nodes.")
    List<String> nodes = List.of();

    @Option(
            names = "--gone",
            description =
                    "Also nodes that have not proved themselves clean: you vouch that they are off for good, or wiped."
                            + " The network that they may carry is given to other clusters, their ENIs are detached, and the"
                            + " addresses are given to others.")
    boolean gone;

    NodeRemoveCommand(Session session) {
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
                Outcome outcome = pool.forget(node, gone, ClusterClient.newRequestId(), longest);
                Outcomes.require(Subject.NODE, "node remove " + node, outcome);
                session.printer().remark("node " + node + " is out of the pool");
                if (outcome instanceof Outcome.Done done) {
                    done.freed().forEach(freed -> session.printer().remark("detached, and free: " + freed));
                }
            }
        }
        return ExitStatus.DONE.code();
    }
}
