package dev.scc.cli.train;

import dev.scc.cli.KeeperMain;
import dev.scc.cli.command.CommandLineRun;
import dev.scc.cli.daemon.IssuedCredentials;
import dev.scc.cli.daemon.JoinedCredentials;
import dev.scc.cli.daemon.Rehearsal;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.FactsService;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.EventLoops;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.doctor.FactsReader;
import dev.scc.fabric.inventory.InventoryReader;
import dev.scc.fabric.verbs.VerbsCheck;
import dev.scc.fabric.verbs.VerbsProber;
import dev.scc.host.AtomicFile;
import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.node.JobPolicy;
import dev.scc.job.node.NodeSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server, an agent with the keeper of its jobs, and a client, each in a process of its own, on loopback: the classes that
 * they load are what the AOT caches of the distribution hold. A node has its agent and its keeper in one, so most of its pages
 * are in memory once. Nothing of this machine is changed.
 */
public final class Training {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final NodeName NODE = new NodeName("n1");
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    private Training() {}

    /** @param args {@code server}, {@code agent} or {@code client}, and a directory that they share; the caller removes it */
    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[1]);
        switch (args[0]) {
            case "server" -> server(work);
            case "agent" -> agent(work);
            case "client" -> client(work);
            default -> throw new IllegalArgumentException("neither server, agent nor client: " + args[0]);
        }
        EventLoops.end();
        System.exit(0);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void server(Path work) throws Exception {
        // The daemon's own command line is read, too, as far as a refusal.
        CommandLineRun.run(new String[] {"server", "--data"}, NOWHERE, NOWHERE);
        Path data = work.resolve("server");
        Authority authority = Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
        issue(authority, Role.NODE, work.resolve("agent").resolve(JoinedCredentials.OWN));
        issue(authority, Role.KEEPER, work.resolve("agent").resolve(JoinedCredentials.KEEPER));
        try (ServerProcess server =
                ServerProcess.embedded(data, anyPort(), anyPort(), Security.GUARDED, Timing.usual())) {
            new AtomicFile(work.resolve("ensemble")).write(server.hosts());
            new AtomicFile(work.resolve("hosts")).write(server.address());
            await(work.resolve("done"));
        }
    }

    private static void issue(Authority authority, Role role, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        authority
                .issue(new Principal(role, NODE.value()), IssuedCredentials.LIFE)
                .write(file);
    }

    private static void agent(Path work) throws Exception {
        LinuxMachine own = new LinuxMachine(NetworkNamespace.own());
        own.observe();
        new InventoryReader(NetworkNamespace.own()).read();
        CommandLineRun.run(new String[] {"agent", "--node", ""}, NOWHERE, NOWHERE);
        KeeperMain.run("keeper");
        await(work.resolve("ensemble"));
        AgentSettings settings = new AgentSettings(
                Files.readString(work.resolve("ensemble")),
                NODE,
                "lo",
                RehearsalNode.RDMA_NETDEV,
                work.resolve("agent"),
                0,
                "training",
                new EnsembleDoor.Own());
        if (Files.exists(work.resolve("apart"))) {
            // Not every kernel has every kind of link; what it does not have is undone.
            Rehearsal.run(settings, own, RehearsalNode.inventory());
        }
        // A job's processes are to be put into cgroups that are plain directories, so none starts; all else is done.
        NodeSettings jobs = NodeSettings.at(
                work.resolve("cgroups"),
                work.resolve("jobs"),
                work.resolve("stages"),
                new Location.Machine(),
                JobPolicy.usual());
        FactsReader facts = new FactsReader(NetworkNamespace.own(), true, VerbsCheck::problem, Optional.empty());
        facts.read(NODE, Optional.empty());
        try (JoinedCredentials credentials =
                        JoinedCredentials.of(NODE, settings.data(), settings.server(), Optional.empty());
                RehearsalKeeper keeper = new RehearsalKeeper(NODE, jobs, credentials, work.resolve("keeper"));
                AgentProcess _ = AgentProcess.start(
                        settings,
                        credentials.connections(NODE),
                        new MemoryMachine(List.of("lo", RehearsalNode.RDMA_NETDEV)),
                        new RehearsalNode(),
                        RehearsalNode::inventory,
                        new VerbsProber(),
                        List.of(
                                (served, address) -> {
                                    keeper.agentListensAt(address);
                                    return JobAgent.extension(NODE, jobs, keeper, credentials.connections(NODE))
                                            .make(served, address);
                                },
                                (served, _) -> new FactsService(NODE, served, facts::read, InstantSource.system())))) {
            await(work.resolve("done"));
        }
    }

    private static void await(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private static void client(Path work) throws IOException, InterruptedException {
        await(work.resolve("hosts"));
        if (command(work, "node", "list", "--wait", "1") != 0) {
            throw new IllegalStateException("the rehearsal's server does not tell of a free node: see what is above");
        }
        command(work, "-o", "json", "node", "list");
        command(work, "node", "show", "n1");
        command(work, "create", "rehearsal", "--nodes", "1", "--verify", "off");
        command(work, "-o", "json", "show", "rehearsal");
        command(work, "show", "rehearsal");
        command(work, "list");
        command(work, "verify", "rehearsal");
        command(work, "run", "rehearsal", "--", "true");
        command(work, "delete", "rehearsal");
        command(work, "testbed", "status");
        Files.writeString(work.resolve("done"), "");
    }

    private static int command(Path work, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--server",
                Files.readString(work.resolve("hosts")),
                "--credentials",
                work.resolve("server").resolve(Administrator.CREDENTIALS).toString()));
        all.addAll(List.of(words));
        int status = CommandLineRun.run(all.toArray(String[]::new), NOWHERE, NOWHERE);
        System.err.println(status + " scc " + String.join(" ", words));
        return status;
    }
}
