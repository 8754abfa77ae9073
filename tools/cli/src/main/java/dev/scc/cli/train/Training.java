package dev.scc.cli.train;

import dev.scc.cli.KeeperMain;
import dev.scc.cli.command.CommandLineRun;
import dev.scc.cli.daemon.IssuedCredentials;
import dev.scc.cli.daemon.NodeCredentials;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.trust.Authority;
import dev.scc.fabric.inventory.InventoryReader;
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

/**
 * A server, an agent on a machine in memory and the keeper of its jobs in one process, a client in another, on loopback: the
 * classes that they load are what the two AOT caches of the distribution hold. A node has its agent and its keeper in one,
 * so most of its pages are in memory once. Nothing of this machine is changed.
 */
public final class Training {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final NodeName NODE = new NodeName("n1");
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    private Training() {}

    /** @param args {@code daemons} or {@code client}, and a directory that both share and the caller removes afterwards */
    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[1]);
        switch (args[0]) {
            case "daemons" -> daemons(work);
            case "client" -> client(work);
            default -> throw new IllegalArgumentException("neither daemons nor client: " + args[0]);
        }
        System.exit(0);
    }

    private static void daemons(Path work) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        new LinuxMachine(NetworkNamespace.own()).observe();
        new InventoryReader(NetworkNamespace.own()).read();
        // The daemons' own command lines are read, too, as far as a refusal.
        CommandLineRun.run(new String[] {"agent", "--node", ""}, NOWHERE, NOWHERE);
        CommandLineRun.run(new String[] {"server", "--data"}, NOWHERE, NOWHERE);
        KeeperMain.run("keeper");
        // A job's processes are to be put into cgroups that are plain directories, so none starts; all else is done.
        NodeSettings jobs = NodeSettings.at(
                work.resolve("cgroups"), work.resolve("jobs"), new Location.Machine(), JobPolicy.usual());
        Path authority = work.resolve("server").resolve(Security.AUTHORITY);
        NodeCredentials credentials = new IssuedCredentials(Authority.open(authority, InstantSource.system()), work);
        try (RehearsalKeeper keeper = new RehearsalKeeper(NODE, jobs, credentials, work.resolve("keeper"));
                ServerProcess server = ServerProcess.embedded(
                        work.resolve("server"), anyPort, anyPort, Security.GUARDED, Timing.usual());
                AgentProcess _ = AgentProcess.start(
                        new AgentSettings(
                                server.hosts(),
                                NODE,
                                "lo",
                                RehearsalNode.RDMA_NETDEV,
                                work.resolve("agent"),
                                0,
                                "training",
                                false),
                        credentials.connections(NODE),
                        new MemoryMachine(List.of("lo", RehearsalNode.RDMA_NETDEV)),
                        new RehearsalNode(),
                        RehearsalNode::inventory,
                        new VerbsProber(),
                        List.of((served, address) -> {
                            keeper.agentListensAt(address);
                            return JobAgent.extension(NODE, jobs, keeper, credentials.connections(NODE))
                                    .make(served, address);
                        }))) {
            new AtomicFile(work.resolve("hosts")).write(server.address());
            while (!Files.exists(work.resolve("done"))) {
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    private static void client(Path work) throws IOException, InterruptedException {
        while (!Files.exists(work.resolve("hosts"))) {
            Thread.sleep(LOOK_AGAIN);
        }
        command(work, "node", "list", "--wait", "1");
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

    private static void command(Path work, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--server",
                Files.readString(work.resolve("hosts")),
                "--credentials",
                work.resolve("server").resolve(Administrator.CREDENTIALS).toString()));
        all.addAll(List.of(words));
        int status = CommandLineRun.run(all.toArray(String[]::new), NOWHERE, NOWHERE);
        System.err.println(status + " scc " + String.join(" ", words));
    }
}
