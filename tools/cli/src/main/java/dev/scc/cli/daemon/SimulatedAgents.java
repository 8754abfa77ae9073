package dev.scc.cli.daemon;

import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentHost;
import dev.scc.cluster.agent.HostedNode;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import dev.scc.job.agent.NoJobs;
import dev.scc.testbed.TestbedNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents of nodes that are models in memory. With this process the nodes go, and with the next come blank ones. */
public final class SimulatedAgents {
    private static final Logger log = LoggerFactory.getLogger(SimulatedAgents.class);

    /** Long: thousands of sessions share the processors of one machine, and none of these nodes is lost alone. */
    private static final Duration SESSION = Duration.ofSeconds(20);

    private static final int PORT = 7070;
    private static final int ORDINARY_MTU = 1500;
    private static final long MEMORY_BYTES = 1L << 30;

    private SimulatedAgents() {}

    /**
     * Starts them. The addresses of all nodes lead to this machine, where one server answers for all.
     *
     * @throws IOException if the port cannot be used
     */
    public static AutoCloseable start(
            String server, List<TestbedNode> nodes, NodeCredentials credentials, String version) throws IOException {
        AgentHost host = new AgentHost(server, SESSION);
        RpcServer all = RpcServer.start(
                new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), PORT),
                credentials.connections(nodes.getFirst().name()),
                List.of(
                        NoJobs.refuse(
                                "the nodes of this cluster are models in memory (testbed kind sim) and run no jobs;"
                                        + " scc testbed up --kind netns or --kind vm makes nodes that do"),
                        host.leftovers()));
        AutoCloseable both = () -> {
            host.close();
            all.close();
        };
        for (TestbedNode node : nodes) {
            host.start(simulated(node, credentials.connections(node.name()), version));
        }
        log.atInfo().addKeyValue("nodes", nodes.size()).log("agents started");
        return both;
    }

    private static HostedNode simulated(TestbedNode node, Connections connections, String version) {
        Identity identity = new Identity(
                node.name(),
                UUID.randomUUID().toString(),
                node.address(),
                node.address() + ":" + PORT,
                TestbedNode.RDMA_NETDEV,
                version);
        NodeInventory has = inventory(node);
        return new HostedNode(
                identity,
                new MemoryMachine(List.of(TestbedNode.UNDERLAY_NETDEV, TestbedNode.RDMA_NETDEV)),
                new KernelNetwork(TestbedNode.UNDERLAY_NETDEV),
                () -> has,
                Ledger.inMemory("ledger of " + node.name(), Roster.class),
                connections,
                Optional.empty());
    }

    private static NodeInventory inventory(TestbedNode node) {
        String address = node.address() + "/" + TestbedNode.PREFIX;
        return NodeInventory.of(
                        "simulated",
                        1,
                        MEMORY_BYTES,
                        List.of(
                                nic(TestbedNode.UNDERLAY_NETDEV, 0, node, ORDINARY_MTU, List.of(address)),
                                nic(TestbedNode.RDMA_NETDEV, 1, node, TestbedNode.RDMA_MTU, List.of())),
                        List.of())
                .tunnelling(Optional.of("it is simulated"));
    }

    private static Nic nic(String name, int network, TestbedNode node, int mtu, List<String> addresses) {
        String mac =
                String.format("52:54:%02x:99:%02x:%02x", network, node.number() >> Byte.SIZE, node.number() & 0xff);
        return new Nic(name, mac, mtu, "UP", addresses);
    }
}
