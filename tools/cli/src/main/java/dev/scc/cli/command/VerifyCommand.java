package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Progress;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Probe a cluster's pairs over its segment: latency, bandwidth, every byte compared.",
        footer = {
            "",
            "Exit status 4 if a pair fails; the answer names the node or the link that explains it.",
            "",
            "Example:",
            "  scc verify demo --pattern quick"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The cluster.")
    String name = "";

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = "full (default): all pairs; quick: log2 N rounds.")
    Pattern pattern = Pattern.FULL;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName cluster = UserMistake.reading(name, ClusterName::new);
        String what = "verify " + cluster;
        if (pattern == Pattern.OFF) {
            throw new Failure(
                    ExitStatus.USAGE, Problem.of(what, "--pattern off probes nothing", "choose full or quick"));
        }
        VerifySaid.End result;
        AtomicInteger probed = new AtomicInteger();
        try (ClusterClient pool = Pool.connect(session.options());
                Progress progress = session.progress()) {
            result = TimeLimit.within(
                    Optional.ofNullable(session.options().timeout),
                    what,
                    "the probes were ended; the cluster stays as it is",
                    () -> pool.verify(
                            cluster,
                            pattern,
                            pair -> progress.now(words(pair) + ", " + probed.incrementAndGet() + " probed")));
        }
        return switch (result) {
            case VerifySaid.Judged(VerifyView view) -> {
                session.printer().answer(view);
                boolean passed = view.pairs().stream().allMatch(VerifyView.Pair::ok);
                yield (passed ? ExitStatus.DONE : ExitStatus.SOME_NODES_FAILED).code();
            }
            case VerifySaid.NoSuchCluster _ -> throw Pool.noSuchCluster(what, cluster);
            case VerifySaid.CannotVerify(Optional<NodeName> node, String why) ->
                throw new Failure(
                        ExitStatus.FAILED,
                        new Problem(
                                what,
                                node.map(NodeName::value).orElse(""),
                                "",
                                "cannot verify: " + why,
                                "nothing is known about the fabric",
                                node.map(bad -> "\"scc node show " + bad
                                                + "\" lists its RDMA devices; without one there"
                                                + " is a VPC but no RDMA network")
                                        .orElse("")));
        };
    }

    private static String words(ProbeResult pair) {
        return pair.a() + " - " + pair.b() + (pair.ok() ? " ok" : " failed: " + pair.why());
    }
}
