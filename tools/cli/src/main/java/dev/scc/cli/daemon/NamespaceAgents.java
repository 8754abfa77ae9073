package dev.scc.cli.daemon;

import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentHost;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.agent.AuditLogService;
import dev.scc.cluster.agent.DropsService;
import dev.scc.cluster.agent.FactsService;
import dev.scc.cluster.agent.HostedNode;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.KernelNames;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.client.ContainerClient;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.cni.CniDoor;
import dev.scc.cluster.reactor.Instance;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.doctor.FactsReader;
import dev.scc.fabric.inventory.InventoryReader;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verbs.VerbsProber;
import dev.scc.host.DirectoryLock;
import dev.scc.host.Location;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.Tunnels;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.keeper.KeeperDaemon;
import dev.scc.job.keeper.KeeperSpec;
import dev.scc.job.node.NodeSettings;
import dev.scc.testbed.TestbedName;
import dev.scc.testbed.TestbedNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents of nodes that are network namespaces of this machine. */
public final class NamespaceAgents {
    private static final Logger log = LoggerFactory.getLogger(NamespaceAgents.class);
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final int PORT = 7070;

    private NamespaceAgents() {}

    /**
     * Starts them.
     *
     * @param data holds a directory for each
     * @throws IOException if a node is not there, or its data directory or port cannot be used
     * @throws CommandFailed if a node cannot be looked at
     */
    public static AutoCloseable start(
            String server,
            TestbedName testbed,
            List<TestbedNode> nodes,
            Path data,
            NodeCredentials credentials,
            String version)
            throws IOException, CommandFailed, InterruptedException {
        DirectoryLock lock = DirectoryLock.acquire(data, "scc agents");
        AgentHost host = new AgentHost(server, SESSION);
        KeeperDaemon keeper = keeper(testbed, nodes, data, credentials, version);
        List<NodeAudit> audits = new ArrayList<>();
        List<CniDoor> doors = new ArrayList<>();
        AutoCloseable all = () -> {
            try (lock) {
                for (CniDoor door : doors) {
                    door.close();
                }
                host.close();
                keeper.close();
                audits.forEach(NodeAudit::close);
            }
        };
        boolean started = false;
        try {
            for (TestbedNode node : nodes) {
                Location location = location(testbed, node);
                if (node.equals(nodes.getFirst())) {
                    // What is loaded and warm then is so for all of them: they share a kernel and this process.
                    Rehearsal.run(
                            settings(server, node, data, version),
                            new LinuxMachine(location.network()),
                            withoutRdma(location));
                }
                Connections connections = credentials.connections(node.name());
                NodeAudit audit = NodeAudit.open(
                        Files.createDirectories(data.resolve(node.name().value())));
                audits.add(audit);
                audit.observe(connections);
                CniDoor containers = CniDoor.open(
                        node.name(),
                        data.resolve(node.name().value()),
                        ContainerClient.to(
                                Membership.servers(Optional.empty(), server), connections, AgentDaemon.PATIENCE));
                doors.add(containers);
                host.start(hosted(
                        testbed,
                        node,
                        location,
                        data,
                        version,
                        connections,
                        keeper,
                        containers,
                        logs(node, node.equals(nodes.getFirst()), data)));
            }
            log.atInfo().addKeyValue("nodes", nodes.size()).log("agents started");
            started = true;
            keeper.attend();
            return all;
        } finally {
            if (!started) {
                for (CniDoor door : doors) {
                    door.close();
                }
                host.close();
                audits.forEach(NodeAudit::close);
                lock.close();
            }
        }
    }

    /** One for the jobs of all nodes. */
    private static KeeperDaemon keeper(
            TestbedName testbed, List<TestbedNode> nodes, Path data, NodeCredentials credentials, String version)
            throws IOException {
        List<KeeperSpec.Node> kept = new ArrayList<>();
        for (TestbedNode node : nodes) {
            InetSocketAddress agent = agent(node);
            kept.add(KeeperSpec.Node.of(
                    node.name(), agent, Keepers.port(agent), jobs(testbed, node), credentials.keeper(node.name())));
        }
        return Keepers.daemon(
                data, version, KeeperSpec.CLIENT_SILENCE, kept, credentials::connections, Optional.empty());
    }

    private static InetSocketAddress agent(TestbedNode node) {
        return new InetSocketAddress(InetAddress.ofLiteral(node.address().toString()), PORT);
    }

    private static NodeSettings jobs(TestbedName testbed, TestbedNode node) throws IOException {
        return NodeSettings.shared(testbed.namespace(node.name()), location(testbed, node));
    }

    private static Location location(TestbedName testbed, TestbedNode node) {
        return new Location.Namespace(testbed.namespace(node.name()), node.name());
    }

    /** @param keepers whether it tells of their keeper, too: that is one for all of them, so one of them does */
    private static AuditLogService logs(TestbedNode node, boolean keepers, Path data) {
        Path own = data.resolve(node.name().value());
        Map<AuditLogRpc.Log, Path> directories = new EnumMap<>(AuditLogRpc.Log.class);
        directories.put(AuditLogRpc.Log.AGENT, own.resolve(NodeAudit.DIRECTORY));
        if (keepers) {
            directories.put(AuditLogRpc.Log.KEEPER, Keepers.directory(data).resolve(NodeAudit.DIRECTORY));
        }
        return new AuditLogService(node.name(), directories);
    }

    private static AgentSettings settings(String server, TestbedNode node, Path data, String version) {
        return new AgentSettings(
                server,
                node.name(),
                TestbedNode.UNDERLAY_NETDEV,
                TestbedNode.RDMA_NETDEV,
                data.resolve(node.name().value()),
                PORT,
                version,
                new EnsembleDoor.Own());
    }

    private static HostedNode hosted(
            TestbedName testbed,
            TestbedNode node,
            Location location,
            Path data,
            String version,
            Connections connections,
            KeeperDaemon keeper,
            CniDoor containers,
            AuditLogService logs)
            throws IOException, CommandFailed {
        Path own = data.resolve(node.name().value());
        Optional<String> noTunnels = Tunnels.objection(location.network());
        LinuxMachine machine = new LinuxMachine(location.network(), AgentDaemon.tunnelKeys(noTunnels, own));
        Identity identity =
                new Identity(node.name(), Instance.of(own), node.address(), "", TestbedNode.RDMA_NETDEV, version);
        return new HostedNode(
                identity,
                machine,
                KernelNetwork.in(location.network(), TestbedNode.UNDERLAY_NETDEV),
                () -> withoutRdma(location).tunnelling(noTunnels),
                new Ledger<>(own.resolve("ledger.json"), Roster.class),
                connections,
                Optional.of(new HostedNode.Services(
                        agent(node),
                        location.channels(),
                        new VerbsProber(),
                        List.of(
                                JobAgent.extension(node.name(), jobs(testbed, node), keeper, connections),
                                (_, _) -> containers,
                                (served, _) -> new FactsService(
                                        node.name(),
                                        served,
                                        new FactsReader(location.network(), false, () -> "", Optional.empty())::read,
                                        InstantSource.system()),
                                (_, _) -> new DropsService(node.name(), machine::counts, InstantSource.system()),
                                (_, _) -> logs))),
                Optional.of(KernelNames.ofNamespace(identity, testbed.namespace(node.name()))));
    }

    /** The machine's own RDMA devices, if it has any, show in every namespace, but are no part of these nodes. */
    private static NodeInventory withoutRdma(Location location) throws IOException, CommandFailed {
        return new InventoryReader(location.network()).read().withoutRdma();
    }
}
