package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Progress;
import dev.scc.cli.view.DoctorView;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.fabric.doctor.Doctor;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Say what is misconfigured for RDMA, on which node, and the command that mends it; and in which facts",
            "nodes differ from most of the others. Changes nothing."
        },
        footer = {
            "",
            "Exit status: 0 nothing worse than a warning, 4 an error was found or a node could not be asked.",
            "",
            "Examples:",
            "  scc doctor demo",
            "  scc doctor --capture facts.json",
            "  scc doctor --from facts.json --ignore 'device mlx5_0 firmware'"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration EACH = Duration.ofSeconds(10);

    private final Session session;

    @Parameters(
            paramLabel = "NODE|CLUSTER",
            arity = "0..1",
            description = "A node, or a cluster's members; without it, all nodes of the pool.")
    @Nullable
    String name;

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "Write what was observed, to be examined elsewhere.")
    @Nullable
    Path capture;

    @Option(names = "--from", paramLabel = "FILE", description = "Examine what was captured; ask no server.")
    @Nullable
    Path from;

    @Option(
            names = "--ignore",
            paramLabel = "FACT",
            description = "A fact in which nodes are meant to differ, by its name in the evidence; may be repeated.")
    List<String> ignore = List.of();

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        ServerRpc.Observations seen = from == null ? observe() : captured(from);
        if (capture != null) {
            try {
                FactsFile.write(capture, seen.facts());
            } catch (IOException e) {
                throw new Failure(
                        ExitStatus.FAILED,
                        Problem.of("doctor", capture + " cannot be written: " + e, "give --capture another file"));
            }
        }
        List<Finding> findings = Doctor.examine(seen.facts(), Set.copyOf(ignore));
        session.printer()
                .answer(new DoctorView(
                        findings,
                        seen.facts().size(),
                        (System.nanoTime() - start) / 1_000_000,
                        seen.unobserved().stream()
                                .map(one -> new DoctorView.Unasked(one.node(), one.why()))
                                .toList()));
        boolean well = seen.unobserved().isEmpty()
                && findings.stream().noneMatch(one -> one.severity() == Finding.Severity.ERROR);
        return (well ? ExitStatus.DONE : ExitStatus.SOME_NODES_FAILED).code();
    }

    private ServerRpc.Observations observe() throws Exception {
        try (Progress progress = session.progress();
                ClusterClient pool = Pool.connect(session.options())) {
            progress.now("asking every agent");
            ServerRpc.Observations seen =
                    pool.observe(Optional.ofNullable(name), session.options().timeoutOr(EACH));
            if (name != null && seen.facts().isEmpty() && seen.unobserved().isEmpty()) {
                throw new Failure(
                        ExitStatus.FAILED,
                        Problem.of(
                                "doctor " + name,
                                "there is no node and no cluster of that name, or none that is yours",
                                "\"scc node list\" and \"scc list\" show them"));
            }
            return seen;
        }
    }

    private ServerRpc.Observations captured(Path file) {
        if (name != null) {
            throw new UserMistake("--from examines all of a file; leave out " + name);
        }
        return new ServerRpc.Observations(FactsFile.read(file), List.of());
    }
}
