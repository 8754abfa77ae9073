package dev.scc.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentRpc;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.InventorySource;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import dev.scc.cluster.front.ServerService;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.NodeName;
import dev.scc.host.net.MemoryMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and agent as the command line composes them. */
@Timeout(240)
class ProcessesTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** What a node without our native library says. */
    private static final Prober NO_VERBS = (plan, passedOver, results) -> {
        throw new CannotVerify("libdisni.so is not there");
    };

    @TempDir
    Path directory;

    private ServerProcess server(int port) throws Exception {
        return ServerProcess.embedded(
                directory.resolve("server"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                ANY_PORT,
                Security.OPEN,
                Timing.usual());
    }

    private AgentProcess agent(String hosts, MemoryMachine machine, List<RdmaDevice> devices) throws Exception {
        InventorySource inventory = () -> NodeInventory.of(
                "test",
                1,
                1,
                List.of(new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of("127.0.0.1/8"))),
                devices);
        return AgentProcess.start(
                new AgentSettings(
                        hosts,
                        new NodeName("n1"),
                        "eth0",
                        "eth1",
                        directory.resolve("agent"),
                        0,
                        "1.2.3",
                        new EnsembleDoor.Own()),
                Connections.plain(),
                machine,
                new KernelNetwork("eth0"),
                inventory,
                NO_VERBS,
                List.of());
    }

    @Test
    void aServerRestartedInBetweenFindsItsClusterAndTheAgentStays() throws Exception {
        MemoryMachine machine = new MemoryMachine(List.of("eth0", "eth1"));
        int port;
        try (ServerProcess server = server(0)) {
            port = Integer.parseInt(server.hosts().replaceAll(".*:", ""));
        }
        try (AgentProcess agent = agent("127.0.0.1:" + port, machine, List.of())) {
            try (ServerProcess server = server(port);
                    ClusterClient client = ClusterClient.to(server.address(), Connections.plain(), LONG)) {
                await().atMost(LONG)
                        .until(() -> client.nodes().nodes().stream().anyMatch(node -> node.state() == NodeState.FREE));
                Outcome outcome =
                        client.create(ClusterSpec.of("demo", 1).withVerify(Pattern.OFF), "r1", LONG, event -> {});
                assertThat(outcome).isInstanceOf(Outcome.Done.class);
                assertThat(agent.served()).isPresent();
            }
            assertThat(machine.observe().objects()).isNotEmpty();
            try (ServerProcess server = server(port);
                    ClusterClient client = ClusterClient.to(server.address(), Connections.plain(), LONG)) {
                assertThat(client.clusters().clusters()).hasSize(1);
                try (RpcChannel channel =
                        Connections.plain().to(Peer.agent(new NodeName("n1"), "127.0.0.1:" + agent.port()))) {
                    AgentRpc.Pong pong = channel.call(AgentRpc.PING, new AgentRpc.Ping("test"), LONG);
                    assertThat(pong.node()).hasToString("n1");
                    assertThat(pong.serving()).contains(new ClusterName("demo"));
                }
                assertThat(client.verify(
                                new ClusterName("demo"), Pattern.FULL, Load.NONE, Optional.empty(), _ -> {}, _ -> {}))
                        .isInstanceOf(VerifySaid.CannotVerify.class);
                assertThat(client.delete(new ClusterName("demo"), "r2", LONG, event -> {}))
                        .isInstanceOf(Outcome.Done.class);
                assertThat(machine.observe().objects()).isEmpty();
            }
        }
    }

    /** To the tree they would be one server, and to ZooKeeper's logs one writer. */
    @Test
    void secondServerOnOneDataDirectoryIsRefusedWhateverKeepsItsTree() throws Exception {
        try (ServerProcess server = server(0)) {
            for (TreeHome home : List.of(
                    new TreeHome.Single(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                    new TreeHome.External(server.hosts(), new EnsembleDoor.Plain()))) {
                assertThatThrownBy(() -> ServerProcess.start(
                                home,
                                ANY_PORT,
                                directory.resolve("server"),
                                ServerProcess.SESSION,
                                Security.OPEN,
                                Timing.usual()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("another scc server uses")
                        .hasMessageContaining(directory.resolve("server").toString());
            }
        }
        server(0).close();
    }

    /** Else whoever starts it again after a failure could not. */
    @Test
    void serverThatCouldNotStartLeavesItsDirectoryFree() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> server(taken.getLocalPort())).isInstanceOf(IOException.class);
        }

        server(0).close();
    }

    @Test
    void nobodyThereIsSaid() {
        try (ClusterClient client = ClusterClient.to("127.0.0.1:1", Connections.plain(), Duration.ofMillis(500))) {
            assertThatThrownBy(client::clusters)
                    .isInstanceOf(ServerUnreachable.class)
                    .hasMessageContaining("127.0.0.1:1");
            assertThatThrownBy(() -> client.create(ClusterSpec.of("demo", 1), "r1", LONG, event -> {}))
                    .isInstanceOf(ServerUnreachable.class)
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    @Test
    void aRequestThatNobodyTakesUpTimesOut() throws Exception {
        try (var zooKeeper = dev.scc.cluster.zk.EmbeddedZooKeeper.start(
                        directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                ZooKeeperTree tree = TreeSessions.open("127.0.0.1:" + zooKeeper.port(), Connections.plain(), LONG)) {
            assertThat(tree.awaitConnected(LONG)).isTrue();
            RpcServer api = RpcServer.start(
                    ANY_PORT,
                    Connections.plain(),
                    List.of(new ServerService(
                                    tree,
                                    tree::connected,
                                    Connections.plain(),
                                    new KeptVerifications(directory.resolve("kept")),
                                    Isolation.NODES_ALONE,
                                    InstantSource.system())
                            .definition()));
            try (api;
                    ClusterClient client = ClusterClient.to(api.address(), Connections.plain(), LONG)) {
                assertThatThrownBy(() ->
                                client.create(ClusterSpec.of("demo", 1), "r1", Duration.ofSeconds(5), event -> {}))
                        .isInstanceOf(TimedOut.class)
                        .hasMessageContaining("no controller");
            }
        }
    }
}
