package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.render.Progress;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scc create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Build a cluster: a VPC and an RDMA segment on N nodes of the pool, or on none; then verify its pairs.",
            "A step that fails anywhere is taken back everywhere."
        },
        footer = {
            "",
            "Examples:",
            "  scc create demo --nodes 3",
            "  scc create demo --nodes 8 --vpc-cidr 172.16.0.0/24 --rdma-cidr 10.70.0.0/24 --verify quick",
            "  scc create demo --nodes 4 --select gpu=yes --spread rack --dry-run",
            "  scc create demo --nodes 4 --on-failure replace",
            "  scc create demo --nodes 4 --user grace",
            "  scc create --request 5f0c…           follow one that was interrupted",
            "  scc create -f demo.yaml              name, nodes, vpcCidr, rdmaCidr, select, users, verify, onFailure"
        })
final class CreateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Session session;

    @Mixin
    final CreateOptions wanted = new CreateOptions();

    @Option(names = "--dry-run", description = "Print every change, and why nodes do not do; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    CreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            ClusterSpec spec = spec(request.earlier(pool));
            String what = "create " + spec.name();
            if (dryRun) {
                return forecast(what, pool.forecast(spec));
            }
            Outcome outcome;
            try (Progress progress = session.progress()) {
                outcome = request.await(
                        what,
                        "scc delete " + spec.name() + " takes it back",
                        id -> pool.create(
                                spec,
                                id,
                                session.options().timeoutOr(PATIENCE),
                                event -> progress.now(ProgressWords.of(event))));
            }
            Outcomes.require(Subject.CLUSTER, what, outcome);
            session.printer()
                    .answer(pool.cluster(spec.name()).orElseThrow(() -> Pool.noSuchCluster(what, spec.name())));
        }
        return ExitStatus.DONE.code();
    }

    private int forecast(String what, ServerRpc.Forecasted forecast) throws Failure {
        session.printer().answer(forecast.view());
        if (forecast.refusal().isPresent()) {
            Outcomes.require(
                    Subject.CLUSTER,
                    what,
                    new Outcome.Refused(
                            0, forecast.refusal().get(), forecast.view().refused()));
        }
        return ExitStatus.DONE.code();
    }

    /** Who follows a request need not say again what it was. */
    private ClusterSpec spec(Optional<Request> earlier) {
        if (earlier.isEmpty() || wanted.named()) {
            return wanted.spec();
        }
        if (earlier.get() instanceof Request.Create create) {
            return create.spec();
        }
        throw new UserMistake(
                "request " + request.id() + " is \"" + earlier.get().title() + "\", not a create");
    }
}
