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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = {
            "Give a cluster another number of nodes. Those that stay keep their addresses, networks and running jobs.",
            "Members that are lost or fail go first; with the number that the cluster has, they are replaced.",
            "When a node cannot join, those that joined are taken out again."
        },
        footer = {
            "",
            "Examples:",
            "  scc scale demo --nodes 8",
            "  scc scale --request 5f0c…   follow one that was interrupted"
        })
final class ScaleCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The cluster; may be left out with --request.")
    @Nullable
    String name;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes it is to have.")
    @Nullable
    Integer nodes;

    @Mixin
    final RequestOptions request = new RequestOptions();

    ScaleCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            Request.Scale wanted = wanted(request.earlier(pool));
            ClusterName cluster = wanted.cluster();
            String what = "scale " + cluster;
            Outcome outcome;
            try (Progress progress = session.progress()) {
                outcome = request.await(
                        what,
                        "",
                        id -> pool.scale(
                                cluster,
                                wanted.nodes(),
                                id,
                                session.options().timeoutOr(PATIENCE),
                                event -> progress.now(ProgressWords.of(event))));
            }
            Outcomes.require(Subject.CLUSTER, what, outcome);
            session.printer().answer(pool.cluster(cluster).orElseThrow(() -> Pool.noSuchCluster(what, cluster)));
        }
        return ExitStatus.DONE.code();
    }

    private Request.Scale wanted(Optional<Request> earlier) {
        if (name != null && nodes != null) {
            int count = nodes;
            return UserMistake.reading(name, text -> new Request.Scale(new ClusterName(text), count));
        }
        if (name == null && nodes == null && earlier.isPresent()) {
            if (earlier.get() instanceof Request.Scale scale) {
                return scale;
            }
            throw new UserMistake(
                    "request " + request.id() + " is \"" + earlier.get().title() + "\", not a scale");
        }
        throw new UserMistake((name == null ? "the cluster's name" : "--nodes") + " is missing");
    }
}
