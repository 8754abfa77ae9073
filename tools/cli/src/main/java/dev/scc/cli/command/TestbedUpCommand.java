package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Progress;
import dev.scc.cli.render.Times;
import dev.scc.cli.view.PhaseTime;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import dev.scc.testbed.TestbedSpec;
import dev.scc.testbed.TestbedStatus;
import dev.scc.testbed.UpOutcome;
import dev.scc.testbed.VmTestbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code scc testbed up}. */
@CommandLine.Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Boot the nodes, start server and agents, and select the testbed's context.",
        footer = {"", "Example:", "  scc testbed up --nodes 4"})
final class TestbedUpCommand implements Callable<Integer> {
    /** What a node is. */
    enum Kind {
        vm
    }

    private static final Duration AGENTS = Duration.ofSeconds(60);

    private final Session session;

    @Option(names = "--kind", paramLabel = "KIND", description = "vm: QEMU guests with real rdma_rxe (default).")
    Kind kind = Kind.vm;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many, 1 to " + TestbedSpec.MOST_NODES + "; default 4.")
    int nodes = 4;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "How many, 1, 3 or 5: more than one are an ensemble; default 1.")
    int servers = 1;

    @Option(names = "--memory", paramLabel = "MIB", description = "Of each node, in MiB; default ${DEFAULT-VALUE}.")
    int memoryMiB = TestbedSpec.DEFAULT_MEMORY_MIB;

    TestbedUpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        LocalTestbed local = LocalTestbed.ofThisUser();
        TestbedSpec spec;
        try {
            spec = local.spec(nodes, servers, memoryMiB);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    Problem.of("testbed up", String.valueOf(e.getMessage()), "scc testbed up --help"));
        }
        VmTestbed vms = local.vms();
        List<PhaseTime> phases = new ArrayList<>();
        try (Progress line = session.progress()) {
            switch (vms.up(spec, event -> line.now(text(event)))) {
                case UpOutcome.NotUp(var problem) -> {
                    boolean there = !(vms.status() instanceof TestbedStatus.Down);
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
            phases.add(awaitAgents(local));
        }
        Contexts.read(Contexts.defaultFile())
                .select(local.name().value(), local.context(servers))
                .write(Contexts.defaultFile());
        session.printer().answer(TestbedAnswers.view(local, vms.status(), phases));
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

    /** The agents start when their guests have booted; a pool without them is of no use, so it is taken down again. */
    private PhaseTime awaitAgents(LocalTestbed local) throws Failure, IOException, InterruptedException {
        long started = System.nanoTime();
        try {
            List<String> argv = new ArrayList<>(local.vms().enter());
            argv.addAll(List.of(LocalTestbed.launcher(), "--server", LocalTestbed.hosts(servers), "--quiet"));
            argv.addAll(List.of("-o", "name", "node", "list", "--wait", Integer.toString(nodes)));
            argv.addAll(List.of("--timeout", AGENTS.plusSeconds(20L * nodes).toSeconds() + "s"));
            new LocalCommands().check(Command.of(argv).within(AGENTS.plusSeconds(20L * nodes + 10)));
            return new PhaseTime("agents", (System.nanoTime() - started) / 1_000_000);
        } catch (CommandFailed e) {
            String logs = lastWords(local);
            local.vms().down();
            if (Thread.interrupted()) {
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

    private static String lastWords(LocalTestbed local) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(local.data(), 2)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
                text.append("\n").append(local.data().relativize(log)).append(":");
                lines.stream()
                        .skip(Math.max(0, lines.size() - 5))
                        .forEach(line -> text.append("\n  ").append(line));
            }
        }
        return text.toString();
    }
}
