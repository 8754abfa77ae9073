package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.render.Progress;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code scc delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Take a cluster down: its jobs end, and its nodes are free once their agents have proved them clean.",
        footer = {"", "Example:", "  scc delete demo"})
final class DeleteCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The cluster; may be left out with --request.")
    @Nullable
    String name;

    @Mixin
    final RequestOptions request = new RequestOptions();

    DeleteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            ClusterName cluster = cluster(request.earlier(pool));
            String what = "delete " + cluster;
            Outcome outcome;
            try (Progress progress = session.progress()) {
                outcome = request.await(
                        what,
                        "",
                        id -> pool.delete(
                                cluster,
                                id,
                                session.options().timeoutOr(PATIENCE),
                                event -> progress.now(ProgressWords.of(event))));
            }
            Outcomes.require(Subject.CLUSTER, what, outcome);
            session.printer().remark("cluster " + cluster + " is deleted; nothing of it is left on its nodes");
        }
        return ExitStatus.DONE.code();
    }

    private ClusterName cluster(Optional<Request> earlier) {
        if (name != null) {
            return UserMistake.reading(name, ClusterName::new);
        }
        if (earlier.isPresent() && earlier.get() instanceof Request.Delete delete) {
            return delete.cluster();
        }
        throw new UserMistake(
                earlier.map(other -> "request " + request.id() + " is \"" + other.title() + "\", not a delete")
                        .orElse("the cluster's name is missing, and no request says it"));
    }
}
