package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Progress;
import dev.scc.cli.render.Times;
import dev.scc.cluster.PhaseTime;
import dev.scc.fabric.mesh.MeshBudget;
import dev.scc.host.UserMistake;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import dev.scc.testbed.NodeKind;
import dev.scc.testbed.Testbed;
import dev.scc.testbed.TestbedSpec;
import dev.scc.testbed.TestbedStatus;
import dev.scc.testbed.UpOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code scc testbed up}. */
@CommandLine.Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Make the nodes, start server and agents, and select the testbed's context.",
        footer = {
            "",
            "Nodes of kind netns and sim have no RDMA: scc create --verify off; scc run --mpi none, or",
            "--allow-tcp on netns. Nodes of kind sim run no jobs.",
            "",
            "Examples:",
            "  scc testbed up --nodes 4",
            "  scc testbed up --nodes 4 --share ~/project",
            "  scc testbed up --kind netns --nodes 16",
            "  scc testbed up --kind sim --nodes 1000"
        })
final class TestbedUpCommand implements Callable<Integer> {
    /** What a node is. */
    enum Kind {
        vm,
        netns,
        sim
    }

    private static final Duration AGENTS = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Session session;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = {
                "vm: QEMU guests with real rdma_rxe (default).",
                "netns: network namespaces; real networks and processes, no RDMA.",
                "sim: models in memory behind real agents and a real server."
            })
    Kind kind = Kind.vm;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many; default 4. At most " + NodeKind.Vm.MOST_NODES + " of kind vm, "
                    + NodeKind.Netns.MOST_NODES + " of kind netns, " + NodeKind.Sim.MOST_NODES + " of kind sim.")
    int nodes = 4;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "How many, 1, 3 or 5: more than one are an ensemble; default 1.")
    int servers = 1;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "Of each node of kind vm, in MiB; default " + NodeKind.Vm.DEFAULT_MEMORY_MIB + ".")
    @Nullable
    Integer memoryMiB;

    @Option(
            names = "--share",
            paramLabel = "DIR",
            description = {
                "What nodes of kind vm see of this machine's files, read-only, beside the system's programs and libraries and"
                        + " what everybody may read in /etc; may be given several times. Default: the working directory, unless"
                        + " home directories are in it."
            })
    @Nullable
    List<Path> shares;

    @Option(
            names = "--mesh",
            paramLabel = "PACKETS",
            arity = "0..1",
            fallbackValue = "" + MeshBudget.USUAL,
            description =
                    "Nodes of kind vm probe each other over RDMA while they are in a cluster, as agents do with --mesh:"
                            + " so many packets a second, ${FALLBACK-VALUE} without a number. Default: off.")
    @Nullable
    String mesh;

    TestbedUpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        LocalTestbed local = LocalTestbed.ofThisUser();
        TestbedSpec spec = UserMistake.reading(nodes, count -> local.spec(count, servers, kind(local)));
        Testbed testbed = local.testbed();
        List<PhaseTime> phases = new ArrayList<>();
        try (Progress line = session.progress()) {
            switch (testbed.up(spec, event -> line.now(text(event)))) {
                case UpOutcome.NotUp(var problem) -> {
                    boolean there = !(testbed.status() instanceof TestbedStatus.Down);
                    throw new Failure(
                            ExitStatus.FAILED,
                            TestbedAnswers.told(problem, there ? " (scc testbed status, scc testbed down)" : ""));
                }
                case UpOutcome.Up up ->
                    up.phases()
                            .forEach(phase -> phases.add(
                                    new PhaseTime(phase.name(), phase.took().toMillis())));
            }
            line.now("waiting for " + nodes + " agents");
            phases.add(awaitAgents(local, testbed));
        }
        Contexts.read(Contexts.defaultFile())
                .select(local.name().value(), local.context(servers))
                .write(Contexts.defaultFile());
        session.printer().answer(TestbedAnswers.view(local, testbed.status(), phases));
        return ExitStatus.DONE.code();
    }

    private static String text(dev.scc.testbed.Progress event) {
        return switch (event) {
            case dev.scc.testbed.Progress.PhaseDone done ->
                done.name() + " took " + Times.of(done.took().toMillis());
            case dev.scc.testbed.Progress.NodeReady ready ->
                ready.node() + " runs commands after " + Times.of(ready.after().toMillis());
            case dev.scc.testbed.Progress.Note note -> note.text();
        };
    }

    private NodeKind kind(LocalTestbed local) {
        if (memoryMiB != null && kind != Kind.vm) {
            throw new UserMistake(
                    "--memory is for nodes of kind vm; those of kind " + kind + " share this machine's memory");
        }
        if (shares != null && kind != Kind.vm) {
            throw new UserMistake(
                    "--share is for nodes of kind vm; those of kind " + kind + " see all of this machine's files");
        }
        if (mesh != null && kind != Kind.vm) {
            throw new UserMistake("--mesh is for nodes of kind vm; those of kind " + kind + " have no RDMA");
        }
        Optional<MeshBudget> budget =
                Optional.ofNullable(mesh).map(text -> UserMistake.reading("--mesh", text, MeshBudget::parse));
        return switch (kind) {
            case vm ->
                local.guests(
                        servers,
                        Objects.requireNonNullElse(memoryMiB, NodeKind.Vm.DEFAULT_MEMORY_MIB),
                        shown(),
                        budget);
            case netns -> local.namespaces(nodes, servers);
            case sim -> local.simulated(nodes, servers);
        };
    }

    private List<Path> shown() {
        Path here = Path.of("").toAbsolutePath();
        if (shares == null) {
            return Path.of(System.getProperty("user.home")).startsWith(here) ? List.of() : List.of(here);
        }
        List<Path> shown =
                shares.stream().map(here::resolve).map(Path::normalize).toList();
        for (Path path : shown) {
            if (!Files.isDirectory(path) || path.getNameCount() == 0) {
                throw new UserMistake(
                        "--share " + path + " is not a directory" + (path.getNameCount() == 0 ? " of its own" : ""));
            }
        }
        return shown;
    }

    /** How long the agents may take once their nodes are there. */
    private Duration patience() {
        Duration each = switch (kind) {
            case vm -> Duration.ofSeconds(35);
            case netns -> Duration.ofSeconds(1);
            case sim -> Duration.ofMillis(50);
        };
        return AGENTS.plus(each.multipliedBy(nodes));
    }

    /** The agents start when their nodes are there; a pool without them is of no use, so it is taken down again. */
    private PhaseTime awaitAgents(LocalTestbed local, Testbed testbed)
            throws Failure, IOException, InterruptedException {
        long started = System.nanoTime();
        try {
            awaitNodes(local, testbed);
            return new PhaseTime("agents", (System.nanoTime() - started) / 1_000_000);
        } catch (CommandFailed | IOException | InterruptedException | RuntimeException e) {
            String logs = lastWords(local.data());
            boolean interrupted = Thread.interrupted() || e instanceof InterruptedException;
            testbed.down();
            if (interrupted) {
                throw new InterruptedException();
            }
            throw new Failure(
                    ExitStatus.FAILED,
                    new Problem(
                            "testbed up",
                            "",
                            "agents",
                            e.getMessage() + logs,
                            "the testbed has been taken down",
                            "try again with fewer nodes if this machine is busy"));
        }
    }

    /** Waits for the pool to list them all as free; or for a process to end, without which it never will. */
    private void awaitNodes(LocalTestbed local, Testbed testbed)
            throws CommandFailed, IOException, InterruptedException {
        List<String> argv = new ArrayList<>(testbed.enter());
        argv.addAll(List.of(
                LocalTestbed.launcher(),
                "--server",
                LocalTestbed.addresses(servers),
                "--quiet",
                "--credentials",
                local.credentials(servers).toString()));
        argv.addAll(List.of("-o", "name", "node", "list", "--wait", Integer.toString(nodes)));
        argv.addAll(List.of("--timeout", patience().toSeconds() + "s"));
        Command command = Command.of(argv).within(patience().plusSeconds(10));
        FutureTask<String> listed = new FutureTask<>(() -> new LocalCommands().check(command));
        Thread waiting = Thread.ofVirtual().start(listed);
        try {
            while (!waiting.join(BETWEEN_LOOKS)) {
                List<String> ended = testbed.ended();
                if (!ended.isEmpty()) {
                    throw new CommandFailed(String.join(" and ", ended) + " ended while the agents were waited for");
                }
            }
            listed.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandFailed failed
                    ? failed
                    : new CommandFailed("the nodes cannot be waited for: " + e.getCause(), e);
        } finally {
            waiting.interrupt();
            waiting.join();
        }
    }

    /** Never fails: the testbed has to go down whatever its logs say. */
    static String lastWords(Path data) {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(data, 2)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
                text.append("\n").append(data.relativize(log)).append(":");
                lines.stream()
                        .skip(Math.max(0, lines.size() - 5))
                        .forEach(line -> text.append("\n  ").append(line));
            }
        } catch (IOException | UncheckedIOException e) {
            text.append("\n(the logs cannot be read: ").append(e.getMessage()).append(')');
        }
        return text.toString();
    }
}
