package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc node revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Put nodes out: nothing of theirs counts from now on, not even on connections that stand, and they get no cluster.",
            "One that is to come back needs a new token: scc token create --node NAME, and scc node uncordon NAME."
        },
        footer = {"", "Example:", "  scc node revoke n7"})
final class NodeRevokeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "The nodes.")
    List<String> nodes = List.of();

    NodeRevokeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        List<NodeName> names = nodes.stream()
                .map(text -> UserMistake.reading(text, NodeName::new))
                .toList();
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE);
                ClusterClient asking = Pool.connect(session.options())) {
            for (NodeName node : names) {
                cordon(asking, node);
                for (Role role : List.of(Role.NODE, Role.KEEPER)) {
                    pool.revoke(new Principal(role, node.value()));
                }
                session.printer().remark("node " + node + " is out");
            }
        }
        return ExitStatus.DONE.code();
    }

    /** It gets no cluster any more, either. One that the pool does not know is out all the same. */
    private void cordon(ClusterClient asking, NodeName node) throws Exception {
        if (asking.node(node).isPresent()) {
            Outcomes.require(
                    Subject.NODE,
                    "node revoke " + node,
                    asking.cordon(
                            node,
                            "revoked",
                            ClusterClient.newRequestId(),
                            session.options().timeoutOr(PATIENCE)));
        }
    }
}
