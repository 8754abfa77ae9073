package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Progress;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.client.ClusterClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            "  scc create -f demo.yaml              name, nodes, vpcCidr, rdmaCidr, select, verify, onFailure"
        })
final class CreateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Session session;

    @Mixin
    final CreateOptions wanted = new CreateOptions();

    CreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterSpec spec = wanted.spec();
        ClusterName name = spec.name();
        String id = ClusterClient.newRequestId();
        try (ClusterClient pool = Pool.connect(session.options())) {
            Outcome outcome;
            try (Progress progress = session.progress()) {
                outcome = pool.create(
                        spec,
                        id,
                        session.options().timeoutOr(PATIENCE),
                        event -> progress.now(ProgressWords.of(event)));
            }
            Outcomes.require("create " + name, outcome);
            session.printer()
                    .answer(Answers.cluster(
                            pool.cluster(name).orElseThrow(() -> Pool.noSuchCluster("create " + name, name))));
        } catch (InterruptedException e) {
            throw new Failure(
                    ExitStatus.INTERRUPTED,
                    new Problem(
                            "create " + name,
                            "",
                            "",
                            "interrupted while waiting for its end",
                            "the server goes on with the request",
                            "scc show " + name + ", or scc delete " + name + " to take it back"));
        }
        return ExitStatus.DONE.code();
    }
}
