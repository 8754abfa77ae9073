package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.FreePorts;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetState;
import dev.scc.host.net.NetworkEvents;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import dev.scc.vpc.EniId;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an agent is connected to, on a real ZooKeeper into which the test writes what a controller would. */
@Timeout(240)
class RunningAgentTest {
    private static final Duration SESSION = Duration.ofSeconds(20);
    /** Less than the time after which an agent looks at everything in any case. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Another one each time: something of one that is not given back must not be taken for this one's. */
    private final NodeName node =
            new NodeName("n" + UUID.randomUUID().toString().substring(0, 8));

    private static final Alive MACHINE = Alive.at("instance", Ipv4.parse("10.99.0.1"));

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private final Watched machine = new Watched();
    private final AtomicInteger looks = new AtomicInteger();
    private MemoryText disk = new MemoryText("ledger");
    private final List<KnownNames> names = new CopyOnWriteArrayList<>();

    /** A machine that tells of changes when the test says so. */
    private static final class Watched implements Machine {
        private final MemoryMachine real = new MemoryMachine(List.of("eth0"));
        private final List<NetworkEvents.Listener> listeners = new CopyOnWriteArrayList<>();
        private final AtomicInteger observed = new AtomicInteger();
        private boolean deaf;

        @Override
        public NetState observe() {
            observed.incrementAndGet();
            return real.observe();
        }

        @Override
        public void apply(List<Step> steps) throws StepFailed {
            real.apply(steps);
        }

        @Override
        public AutoCloseable watch(NetworkEvents.Listener listener) throws CommandFailed {
            if (deaf) {
                throw new CommandFailed("ip monitor does not start");
            }
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private RunningAgent agent(int port) throws IOException {
        HostedNode.Services services = new HostedNode.Services(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                (plan, passedOver, results) -> {
                    throw new CannotVerify("not asked for here");
                },
                List.of());
        HostedNode hosted = new HostedNode(
                new Identity(node, MACHINE.instance(), MACHINE.underlay(), "", "", "test"),
                machine,
                new KernelNetwork("eth0"),
                () -> NodeInventory.of("look " + looks.incrementAndGet(), 1, 1, List.of(), List.of()),
                new Ledger<>(disk, Roster.class),
                Connections.plain(),
                Optional.of(services),
                Optional.of(names::add));
        String server = "127.0.0.1:" + zooKeeper.zooKeeper().port();
        return RunningAgent.start(
                hosted,
                server,
                new RunningAgent.Holding(
                        shown -> TreeSessions.openLean(server, shown, SESSION),
                        Thread::ofPlatform,
                        TreeTexts.ofOneAgent()));
    }

    private Optional<NodeStatus> status() throws Exception {
        return tree.get(Paths.status(node)).map(Entry::text).map(text -> Json.read(text, NodeStatus.class));
    }

    private boolean alive() throws Exception {
        return tree.get(Paths.alive(node)).isPresent();
    }

    private void enrol() throws Exception {
        tree.commit(List.of(
                new Op.Create(Paths.node(node), Json.write(NodeRecord.enrolled(node, MACHINE))),
                new Op.Create(Paths.assign(node), Json.write(new Assignment.Free(1, 0)))));
    }

    @Test
    void itHearsOfItsNodeAndOfItsAssignmentAndOfItsNetwork() throws Exception {
        try (RunningAgent agent = agent(0)) {
            await().atMost(SOON).until(() -> tree.get(Paths.enrol(node)).isPresent());
            enrol();
            await().atMost(SOON).until(() -> alive() && status().isPresent());

            tree.commit(List.of(new Op.Set(
                    Paths.assign(node), Json.write(new Assignment.Leave(2, new ClusterName("demo"), 7)), 0)));
            await().atMost(SOON)
                    .until(() -> status().filter(said -> said.assignment() == 1).isPresent());

            int observed = machine.observed.get();
            machine.listeners.forEach(NetworkEvents.Listener::ours);
            await().atMost(SOON).until(() -> machine.observed.get() > observed);
            int looked = looks.get();
            machine.listeners.forEach(NetworkEvents.Listener::others);
            await().atMost(SOON).until(() -> looks.get() > looked);

            int before = machine.observed.get();
            agent.signal();
            await().atMost(SOON).until(() -> machine.observed.get() > before);
        }
    }

    @Test
    void whatItHoldsIsGivenBackWhenItStops() throws Exception {
        int port = FreePorts.one();
        RunningAgent agent = agent(port);
        String address = agent.identity().address();
        enrol();
        await().atMost(SOON).until(this::alive);
        try (RpcChannel channel = Connections.plain().to(Peer.agent(node, address))) {
            assertThat(channel.call(AgentRpc.PING, new AgentRpc.Ping("test"), SOON)
                            .node())
                    .isEqualTo(node);
        }

        agent.close();

        assertThat(machine.listeners).isEmpty();
        assertThat(alive()).as("its session has ended").isFalse();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("agent-" + node);
        FreePorts.awaitFree(port);
    }

    @Test
    void anAgentWhoseLedgerCannotBeReadHoldsNothing() throws Exception {
        int port = FreePorts.one();
        disk.write("{");

        assertThatThrownBy(() -> agent(port)).isInstanceOf(IOException.class).hasMessageContaining("ledger");

        assertThat(machine.listeners).isEmpty();
        FreePorts.awaitFree(port);
    }

    private static Holding holding(EniId eni, NodeName node, String underlay, String address) {
        return new Holding(
                "ENI " + eni, List.of(new VpcMember(node, Ipv4.parse(underlay), Ipv4.parse(address))), List.of());
    }

    @Test
    void itHearsOfItsEnisOfOthersInTheirVpcAndOfWhoTheNodeIs() throws Exception {
        VpcRecord vpc = new VpcRecord(
                new VpcName("lab"), new Vni(5000), Cidr.parse("172.20.0.0/24"), 1450, Optional.empty(), 1);
        EniId eni = EniId.of("r1");
        EniId other = EniId.of("r2");
        Plug plug = new Plug(
                eni,
                vpc.network(),
                Ipv4.parse("172.20.0.1"),
                1,
                Plug.Phase.ATTACHING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        enrol();
        try (RunningAgent _ = agent(0)) {
            await().atMost(SOON).until(() -> alive() && status().isPresent());

            tree.commit(List.of(
                    new Op.Create(Paths.vpc(vpc.name()), Json.write(vpc)),
                    new Op.Create(
                            Paths.holding(vpc.name(), eni.value()),
                            Json.write(holding(eni, node, "10.99.0.1", "172.20.0.1"))),
                    new Op.Create(Paths.plugs(node), Json.write(new NodePlugs(List.of(plug))))));
            await().atMost(SOON).until(() -> tree.get(Paths.plugged(node)).isPresent());
            await().atMost(SOON).until(() -> names.getLast().here().containsKey(eni + ".lab"));

            tree.commit(List.of(new Op.Create(
                    Paths.holding(vpc.name(), other.value()),
                    Json.write(holding(other, new NodeName("n2"), "10.99.0.2", "172.20.0.2")))));
            await().atMost(SOON).until(() -> names.getLast().here().containsKey(other + ".lab"));

            NodeRecord another = NodeRecord.enrolled(node, Alive.at("elsewhere", Ipv4.parse("10.99.0.9")));
            tree.commit(List.of(new Op.Set(Paths.node(node), Json.write(another), 0)));
            await().atMost(SOON).until(() -> !alive());
        }
    }

    /** It looks from time to time. */
    @Test
    void anAgentThatCannotListenToItsMachineServesAllTheSame() throws Exception {
        machine.deaf = true;
        enrol();

        try (RunningAgent agent = agent(0)) {
            await().atMost(SOON).until(() -> alive() && status().isPresent());
            assertThat(agent.identity().address()).startsWith("127.0.0.1:");
        }
        assertThat(alive()).isFalse();
    }
}
