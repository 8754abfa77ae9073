package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.FilterCounts;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many agents in one process, with a real server. */
@Timeout(240)
class AgentHostTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final int NODES = 40;

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    private final List<MemoryMachine> machines = new ArrayList<>();
    private ServerProcess server;
    private ClusterClient client;
    private AgentHost agents;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.embedded(directory, ANY_PORT, ANY_PORT, Security.OPEN, Timing.usual());
        client = ClusterClient.to(server.address(), Connections.plain(), LONG);
        agents = new AgentHost(server.hosts(), SESSION);
    }

    @AfterEach
    void stop() {
        agents.close();
        client.close();
        server.close();
    }

    private HostedNode node(int number, Optional<HostedNode.Services> services) {
        NodeName name = new NodeName("n" + number);
        Ipv4 underlay = Ipv4.parse("10.99.0.0").plus(number);
        MemoryMachine machine = new MemoryMachine(List.of("eth0"));
        machines.add(machine);
        return new HostedNode(
                new Identity(name, "instance-" + number, underlay, "", "", "test"),
                machine,
                new KernelNetwork("eth0"),
                () -> NodeInventory.of(
                        "test",
                        1,
                        1,
                        List.of(new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(underlay + "/16"))),
                        List.of()),
                Ledger.inMemory("ledger of " + name, Roster.class),
                Connections.plain(),
                services);
    }

    private long count(NodeState state) throws Exception {
        return client.nodes().nodes().stream()
                .filter(node -> node.state() == state)
                .count();
    }

    @Test
    void allOfThemServeAClusterAndLeaveItAndOneThatStopsIsLostAlone() throws Exception {
        for (int number = 1; number <= NODES; number++) {
            agents.start(node(number, Optional.empty()));
        }
        await().atMost(LONG).until(() -> count(NodeState.FREE) == NODES);

        assertThat(client.create(ClusterSpec.of("demo", NODES).withVerify(Pattern.OFF), "r1", LONG, event -> {}))
                .isInstanceOf(Outcome.Done.class);
        assertThat(machines)
                .allSatisfy(machine -> assertThat(machine.observe().objects()).hasSize(4 + 2 * (NODES - 1)));
        assertThat(agents.served(new NodeName("n7")).orElseThrow().roster().members())
                .hasSize(NODES);

        agents.stop(new NodeName("n7"));
        await().atMost(LONG).until(() -> count(NodeState.LOST) == 1);
        assertThat(count(NodeState.ASSIGNED)).isEqualTo(NODES - 1);

        agents.start(node(7, Optional.empty()));
        await().atMost(LONG).until(() -> count(NodeState.ASSIGNED) == NODES);
        assertThat(client.delete(new ClusterName("demo"), "r2", LONG, event -> {}))
                .isInstanceOf(Outcome.Done.class);
        await().atMost(LONG).until(() -> count(NodeState.FREE) == NODES);
        machines.remove(6);
        assertThat(machines)
                .allSatisfy(machine -> assertThat(machine.observe().objects()).isEmpty());
    }

    @Test
    void anAgentWithServicesIsReachedWhereItSays() throws Exception {
        HostedNode.Services services = new HostedNode.Services(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (plan, passedOver, results) -> {
                    throw new CannotVerify("no verbs here");
                },
                List.of());
        agents.start(node(1, Optional.of(services)));
        await().atMost(LONG).until(() -> count(NodeState.FREE) == 1);
        assertThat(client.create(ClusterSpec.of("demo", 1).withVerify(Pattern.OFF), "r1", LONG, event -> {}))
                .isInstanceOf(Outcome.Done.class);

        String address = client.roster(new ClusterName("demo"))
                .orElseThrow()
                .members()
                .getFirst()
                .agent();
        try (RpcChannel channel = Connections.plain().to(Peer.agent(new NodeName("n1"), address))) {
            AgentRpc.Pong pong = channel.call(AgentRpc.PING, new AgentRpc.Ping("test"), LONG);
            assertThat(pong.serving()).contains(new ClusterName("demo"));
        }
    }

    @Test
    void serversAskAgentsWhatTheyObserveAndSayWhomTheyCouldNotAsk() throws Exception {
        NodeFacts facts = new NodeFacts(
                new NodeName("n1"),
                new NodeFacts.Host("6.8", "", "unlimited", "", Optional.empty(), Map.of(), List.of(), List.of()),
                List.of(),
                List.of(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        HostedNode.Services services = new HostedNode.Services(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (plan, passedOver, results) -> {},
                List.of((served, address) -> new FactsService(
                        new NodeName("n1"), served, (node, segment) -> facts, InstantSource.system())));
        agents.start(node(1, Optional.of(services)));
        agents.start(node(2, Optional.empty()));
        await().atMost(LONG).until(() -> count(NodeState.FREE) == 2);

        ServerRpc.Observations all = client.observe(Optional.empty(), LONG);

        assertThat(all.facts()).singleElement().satisfies(seen -> {
            assertThat(seen.clock()).isPresent();
            assertThat(seen.with(new NodeFacts.Clock(0, 0))).isEqualTo(facts.with(new NodeFacts.Clock(0, 0)));
        });
        assertThat(all.unobserved()).extracting(ServerRpc.Unobserved::node).containsExactly(new NodeName("n2"));
        assertThat(client.observe(Optional.of("n1"), LONG).unobserved()).isEmpty();
        assertThat(client.observe(Optional.of("nobody"), LONG))
                .isEqualTo(new ServerRpc.Observations(List.of(), List.of()));
    }

    private static Optional<HostedNode.Services> counting(int node, DropsService.Source source) {
        return Optional.of(new HostedNode.Services(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (plan, passedOver, results) -> {},
                List.of((_, _) -> new DropsService(new NodeName("n" + node), source, InstantSource.system()))));
    }

    private void done(Request request) throws Exception {
        assertThat(client.change(request, UUID.randomUUID().toString(), LONG)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void serversSumWhatAgentsCountAndSayWhichNodesCountNothing() throws Exception {
        agents.start(node(
                1,
                counting(
                        1,
                        tables -> tables.stream()
                                .collect(Collectors.toMap(
                                        table -> table,
                                        _ -> new FilterCounts(
                                                Map.of("dropped_in", new FilterCounts.Count(3, 180)),
                                                List.of(),
                                                false))))));
        agents.start(node(2, Optional.empty()));
        agents.start(node(3, counting(3, new MemoryMachine(List.of("eth0"))::counts)));
        await().atMost(LONG).until(() -> count(NodeState.FREE) == 3);
        VpcName lab = new VpcName("lab");
        GroupName web = new GroupName("web");
        done(new Request.VpcCreate(lab, Cidr.parse("172.20.0.0/24")));
        done(new Request.GroupCreate(web, lab));
        for (int number = 1; number <= 3; number++) {
            done(new Request.EniAttach(
                    new NodeName("n" + number),
                    lab,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(web),
                    Optional.empty()));
        }

        GroupPackets packets = client.packets(web, true, true, LONG);

        // Of the ENI's filter, and of the shield around the VPC.
        assertThat(packets.dropped())
                .filteredOn(cause -> cause.packets() > 0)
                .singleElement()
                .satisfies(cause -> {
                    assertThat(cause.cause()).isEqualTo("no-rule-in");
                    assertThat(cause.packets()).isEqualTo(6);
                });
        assertThat(packets.unread())
                .extracting(unread -> unread.node() + ": " + unread.why())
                .containsExactly(
                        "n2: it has not said where its agent is",
                        "n3: no packets pass a node of this kind, so nothing is counted");
        assertThatThrownBy(() -> client.packets(new GroupName("none"), true, true, LONG))
                .hasMessage("there is no security group none");
    }

    @Test
    void oneServiceAnswersForAllAgentsHere() throws Exception {
        agents.start(node(1, Optional.empty()));
        await().atMost(LONG).until(() -> count(NodeState.FREE) == 1);
        try (RpcServer offered = RpcServer.start(ANY_PORT, Connections.plain(), List.of(agents.leftovers()));
                RpcChannel channel = Connections.plain().to(Peer.agent(new NodeName("n1"), offered.address()))) {
            assertThat(channel.call(LeftoverRpc.LOOK, new LeftoverRpc.Look(new NodeName("n1"), true), LONG))
                    .isEqualTo(new LeftoverRpc.Looked(new NodeName("n1"), List.of()));
            assertThatThrownBy(
                            () -> channel.call(LeftoverRpc.LOOK, new LeftoverRpc.Look(new NodeName("n2"), false), LONG))
                    .isInstanceOf(RpcFailed.class)
                    .hasMessageContaining("this is not the agent of node n2");
        }
    }

    @Test
    void anAgentRunsOnce() throws Exception {
        agents.start(node(1, Optional.empty()));

        assertThatThrownBy(() -> agents.start(node(1, Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("n1");
    }
}
