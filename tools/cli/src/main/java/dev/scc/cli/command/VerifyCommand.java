package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.HeatMap;
import dev.scc.cli.render.Progress;
import dev.scc.cli.render.Terminal;
import dev.scc.cli.report.VerifyReport;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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
            "Exit status 4 if a pair fails; the answer names the node, the link or the pair that explains it.",
            "The first verification in which every pair passes is the baseline until --baseline makes another one it.",
            "",
            "Examples:",
            "  scc verify demo --pattern quick",
            "  scc verify demo --load ring",
            "  scc verify demo --compare --report fabric.html"
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

    @Option(
            names = "--load",
            paramLabel = "LOAD",
            description = {
                "Then put load on the fabric, and show how much of its unloaded bandwidth each flow keeps: none (default); pairs:"
                        + " all pairs of a round at once; ring: each node to the next; bisection: one half to the other;"
                        + " incast: all to one, each node once."
            })
    Load load = Load.NONE;

    @Option(names = "--compare", description = "Say what differs from the baseline.")
    boolean compare;

    @Option(names = "--baseline", description = "Compare later verifications with this one.")
    boolean baseline;

    @Option(names = "--last", description = "Probe nothing: show the latest one.")
    boolean last;

    @Option(names = "--report", paramLabel = "FILE.html", description = "Write a page with heat maps, too.")
    @Nullable
    Path report;

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
        if (last && baseline) {
            throw new Failure(
                    ExitStatus.USAGE,
                    Problem.of(what, "--last probes nothing that could become the baseline", "leave out one of them"));
        }
        if (last && load != Load.NONE) {
            throw new Failure(
                    ExitStatus.USAGE, Problem.of(what, "--last puts no load on the fabric", "leave out one of them"));
        }
        return switch (last ? latest(what, cluster) : probe(what, cluster)) {
            case VerifySaid.Judged(VerifyView view) -> answer(what, view);
            case VerifySaid.NoSuchCluster _ -> throw Pool.noSuchCluster(what, cluster);
            case VerifySaid.CannotVerify(Optional<NodeName> node, String why) -> throw cannot(what, node, why);
        };
    }

    private VerifySaid.End probe(String what, ClusterName cluster) throws Exception {
        Optional<ServerRpc.Keeping> keep = baseline ? Optional.of(ServerRpc.Keeping.BASELINE) : Optional.empty();
        AtomicInteger probed = new AtomicInteger();
        AtomicInteger flowed = new AtomicInteger();
        try (ClusterClient pool = Pool.connect(session.options());
                Progress progress = session.progress()) {
            return TimeLimit.within(
                    Optional.ofNullable(session.options().timeout),
                    what,
                    "the probes were ended; the cluster stays as it is",
                    () -> pool.verify(
                            cluster,
                            pattern,
                            load,
                            keep,
                            pair -> progress.now(words(pair) + ", " + probed.incrementAndGet() + " probed"),
                            flow -> progress.now(words(flow) + ", " + flowed.incrementAndGet() + " flows")));
        }
    }

    private VerifySaid.End latest(String what, ClusterName cluster) throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            Optional<VerifyView> view = pool.verified(cluster);
            if (view.isPresent()) {
                return new VerifySaid.Judged(view.get());
            }
            if (pool.cluster(cluster).isEmpty()) {
                return new VerifySaid.NoSuchCluster();
            }
            throw new Failure(
                    ExitStatus.FAILED,
                    Problem.of(
                            what,
                            "the server that answers has had no verification of it carried out",
                            "\"scc verify " + cluster + "\" does it now"));
        }
    }

    private int answer(String what, VerifyView view) throws Failure {
        VerifyView shown = compare ? view : view.with(Optional.empty());
        session.printer().answer(shown);
        String map = HeatMap.of(view, Terminal.outputHasColours());
        if (!map.isEmpty()) {
            session.printer().drawing("\n" + map);
        }
        if (report != null) {
            try {
                // With the comparison in any case: a page is read without its command.
                Files.writeString(report, VerifyReport.of(view));
            } catch (IOException e) {
                throw new Failure(
                        ExitStatus.FAILED,
                        Problem.of(
                                what,
                                "the report " + report + " cannot be written: " + e,
                                "give --report another file"));
            }
        }
        return (view.ok() ? ExitStatus.DONE : ExitStatus.SOME_NODES_FAILED).code();
    }

    private static Failure cannot(String what, Optional<NodeName> node, String why) {
        return new Failure(
                ExitStatus.FAILED,
                new Problem(
                        what,
                        node.map(NodeName::value).orElse(""),
                        "",
                        "cannot verify: " + why,
                        "nothing is known about the fabric",
                        node.map(bad -> "\"scc node show " + bad
                                        + "\" lists its RDMA devices; without one there is a VPC but no RDMA network")
                                .orElse("")));
    }

    private static String words(FlowResult result) {
        return result.flow().from() + " to " + result.flow().to()
                + switch (result.outcome()) {
                    case FlowResult.Moved(double moved) -> " %.1f MB/s".formatted(moved);
                    case FlowResult.Broken(String why) -> " failed: " + why;
                };
    }

    private static String words(ProbeResult pair) {
        return pair.a() + " - " + pair.b() + (pair.ok() ? " ok" : " failed: " + pair.why());
    }
}
