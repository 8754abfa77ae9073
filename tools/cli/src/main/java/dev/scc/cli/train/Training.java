package dev.scc.cli.train;

import dev.scc.cli.command.CommandLineRun;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.controller.Timing;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.fabric.inventory.InventoryReader;
import dev.scc.fabric.verbs.VerbsProber;
import dev.scc.host.NodeName;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.MemoryMachine;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A server, an agent on a machine in memory and a client in one process, on loopback: their classes are what the AOT cache
 * of the distribution holds. Nothing of this machine is changed.
 */
public final class Training {
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    private Training() {}

    /** @param args a directory that the caller removes afterwards */
    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[0]);
        NodeName node = new NodeName("n1");
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        LocalCommands commands = new LocalCommands();
        new LinuxMachine(commands).observe();
        new InventoryReader(commands).read();
        try (ServerProcess server = ServerProcess.embedded(work.resolve("server"), anyPort, Timing.usual());
                AgentProcess _ = AgentProcess.start(
                        new AgentSettings(
                                server.hosts(),
                                node,
                                "lo",
                                RehearsalNode.RDMA_NETDEV,
                                work.resolve("agent"),
                                0,
                                "training"),
                        new MemoryMachine(List.of("lo", RehearsalNode.RDMA_NETDEV)),
                        new RehearsalNode(),
                        RehearsalNode::inventory,
                        new VerbsProber(),
                        List.of())) {
            command("--server", server.hosts(), "node", "list", "--wait", "1");
            command("--server", server.hosts(), "-o", "json", "node", "list");
            command("--server", server.hosts(), "node", "show", "n1");
            command("--server", server.hosts(), "create", "rehearsal", "--nodes", "1", "--verify", "off");
            command("--server", server.hosts(), "-o", "json", "show", "rehearsal");
            command("--server", server.hosts(), "show", "rehearsal");
            command("--server", server.hosts(), "list");
            command("--server", server.hosts(), "verify", "rehearsal");
            command("--server", server.hosts(), "delete", "rehearsal");
            command("run", "--help");
            command("testbed", "status");
        }
        System.exit(0);
    }

    private static void command(String... words) {
        int status = CommandLineRun.run(words, NOWHERE, NOWHERE);
        System.err.println(status + " scc " + String.join(" ", words));
    }
}
