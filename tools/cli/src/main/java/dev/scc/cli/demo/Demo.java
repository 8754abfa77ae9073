package dev.scc.cli.demo;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Times;
import dev.scc.cli.view.DemoView;
import dev.scc.cli.view.DemoView.Figure;
import dev.scc.cluster.PhaseTime;
import dev.scc.host.Json;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Testbed up, create, an MPI job, delete, testbed down; whatever happens on the way, the testbed goes down at the end. */
public final class Demo {
    private static final String TESTBED = "demo";
    private static final int TESTBED_NODES = 4;
    private static final int CLUSTER_NODES = 3;
    private static final int RANKS = 6;
    private static final String RECEIPT = "receipt.json";

    private final SccRunner scc;
    private final Path home;
    private final Path data;
    private final Consumer<String> say;
    private final List<PhaseTime> phases = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A demo that has not begun.
     *
     * @param launcher the command line to use
     * @param home the distribution's directory
     * @param data where everything that the demo writes goes
     * @param say told a line per phase
     */
    public Demo(String launcher, Path home, Path data, Consumer<String> say) {
        this.scc = new SccRunner(new LocalCommands(), launcher, data, TESTBED);
        this.home = home;
        this.data = data;
        this.say = say;
    }

    /** One step of the road; returns what to say of it. */
    private interface Part {
        String run() throws Failure, IOException, InterruptedException;
    }

    public DemoView run() throws Failure, IOException, InterruptedException {
        Files.createDirectories(data);
        Files.deleteIfExists(data.resolve(RECEIPT)); // of an earlier demo
        try {
            phase("testbed up", this::testbedUp);
            phase("node list", this::nodeList);
            phase("create", this::create);
            phase("MPI job", this::job);
            phase("delete", this::delete);
        } catch (Failure | IOException | InterruptedException | RuntimeException e) {
            say.accept("taking the testbed down");
            downAfter(e);
            throw e;
        }
        phase("testbed down", this::down);
        return new DemoView(phases, figures, data.toString());
    }

    /** What went wrong first is what the user has to hear. */
    private void downAfter(Exception first) {
        try {
            down();
        } catch (Failure | IOException | InterruptedException | RuntimeException e) {
            say.accept("the testbed could not be taken down: " + e.getMessage());
            first.addSuppressed(e);
        }
    }

    private void phase(String name, Part part) throws Failure, IOException, InterruptedException {
        long started = System.nanoTime();
        String said = part.run();
        long millis = (System.nanoTime() - started) / 1_000_000;
        phases.add(new PhaseTime(name, millis));
        say.accept("%-13s %9s  %s".formatted(name, Times.of(millis), said));
    }

    private String testbedUp() throws Failure, InterruptedException {
        long started = System.nanoTime();
        JsonNode up = scc.json("testbed", "up", "--nodes", Integer.toString(TESTBED_NODES), "--share", data.toString());
        figures.add(Figure.atMost(
                "boot of " + TESTBED_NODES + " nodes until their agents are there",
                (System.nanoTime() - started) / 1e9,
                60,
                "s"));
        return up.get("nodes").size() + " guests (" + up.path("accelerator").asString("") + ", kernel "
                + up.path("kernel").asString("") + ") with an agent each";
    }

    private String nodeList() throws Failure, InterruptedException {
        List<Long> millis = new ArrayList<>();
        CommandResult result = scc.run("node", "list");
        for (int i = 0; i < 5; i++) {
            long started = System.nanoTime();
            result = scc.run("node", "list");
            millis.add((System.nanoTime() - started) / 1_000_000);
        }
        if (!result.ok()) {
            throw SccRunner.failure("demo: scc node list", result);
        }
        millis.sort(null);
        figures.add(Figure.atMost("scc node list from the shell, median of 5", millis.get(2) / 1000.0, 0.6, "s"));
        return (result.output().lines().count() - 1) + " nodes, in " + Times.of(millis.get(2)) + " each time";
    }

    private String create() throws Failure, InterruptedException {
        JsonNode cluster = scc.json("create", "demo", "--nodes", Integer.toString(CLUSTER_NODES));
        long converged = millisOf(cluster, "Creating");
        long verified = millisOf(cluster, "Verifying");
        JsonNode verification = cluster.get("verification");
        int pairs = verification.path("pairs").asInt();
        figures.add(Figure.atMost(
                "create of " + CLUSTER_NODES + " nodes, request to all converged", converged / 1000.0, 3, "s"));
        figures.add(Figure.atMost("verification of " + pairs + " pairs", verified / 1000.0, 10, "s"));
        return "%d nodes converged in %s; %d of %d pairs verified over RDMA in %s"
                .formatted(
                        CLUSTER_NODES,
                        Times.of(converged),
                        verification.path("passed").asInt(),
                        pairs,
                        Times.of(verified));
    }

    private static long millisOf(JsonNode cluster, String phase) throws Failure {
        return cluster.path("phases")
                .valueStream()
                .filter(each -> each.path("name").asString("").equals(phase))
                .findFirst()
                .map(each -> each.path("millis").asLong())
                .orElseThrow(() -> new Failure(
                        ExitStatus.FAILED,
                        Problem.of("demo: create", "its answer has no phase " + phase + ": " + cluster, "")));
    }

    private String job() throws Failure, IOException, InterruptedException {
        Path program = data.resolve("ring");
        Path receipt = data.resolve(RECEIPT);
        CommandResult compiled = scc.run(Command.of(
                        "mpicc.openmpi",
                        "-O2",
                        "-o",
                        program.toString(),
                        home.resolve("share/ring.c").toString())
                .within(Duration.ofMinutes(1)));
        if (!compiled.ok()) {
            throw SccRunner.failure("demo: compiling the MPI program", compiled);
        }
        CommandResult ran = scc.run(
                "run",
                "demo",
                "-n",
                Integer.toString(RANKS),
                "--receipt",
                receipt.toString(),
                "--",
                program.toString());
        if (!ran.ok()) {
            throw SccRunner.failure("demo: the MPI job", ran);
        }
        figures.add(Figure.atMost("agent, resident memory (largest)", agentMiB(), 160, "MiB"));
        JsonNode proof = Json.mapper().readTree(Files.readString(receipt));
        long packets = proof.path("nodes")
                .valueStream()
                .mapToLong(node -> node.path("sentPackets").asLong())
                .sum();
        return ran.output().strip() + "; transport " + proof.path("transport").asString("") + ", " + packets
                + " RoCE packets";
    }

    private double agentMiB() throws Failure, InterruptedException {
        double largest = 0;
        for (int node = 1; node <= TESTBED_NODES; node++) {
            CommandResult said = scc.run(
                    "testbed",
                    "exec",
                    "n" + node,
                    "--",
                    "sh",
                    "-c",
                    "awk '/^VmRSS/{print $2}' /proc/$(pgrep -o -f '[d]ev.scc.cli.Main agent')/status");
            if (!said.ok()) {
                throw SccRunner.failure("demo: looking at the agent of n" + node, said);
            }
            largest = Math.max(largest, Long.parseLong(said.output().strip()) / 1024.0);
        }
        return largest;
    }

    private String delete() throws Failure, InterruptedException {
        scc.json("delete", "demo");
        for (JsonNode node : scc.json("node", "list")) {
            if (!node.path("state").asString("").equals("Free")) {
                throw new Failure(
                        ExitStatus.LEFT_BEHIND, Problem.of("demo: delete", "not free afterwards: " + node, ""));
            }
        }
        return "every node proved clean and is free";
    }

    /** Also after an interrupt: what has been made is to be gone. */
    private String down() throws Failure, IOException, InterruptedException {
        boolean interrupted = Thread.interrupted();
        CommandResult result = scc.run("testbed", "down");
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!result.ok()) {
            throw SccRunner.failure("demo: testbed down", result);
        }
        return "nothing is left but " + data;
    }
}
