package dev.scc.cluster.pool;

import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.Agent;
import dev.scc.cluster.agent.AgentService;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.LeftoverService;
import dev.scc.cluster.agent.ServedCluster;
import dev.scc.cluster.agent.TreeTexts;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.controller.Controller;
import dev.scc.cluster.front.ServerService;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.reactor.Pass;
import dev.scc.cluster.reactor.Reactor;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.verify.BackgroundVerifier;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The pool, with handles to kill and restart its parts. */
final class TestPool implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SESSION = Duration.ofSeconds(4);

    private final Path directory;
    private EmbeddedZooKeeper zooKeeper;
    private final Fabric fabric = new Fabric();
    private final Map<String, Running> controllers = new ConcurrentHashMap<>();
    /** A real agent's port is the same after a restart. */
    private final Map<NodeName, Integer> ports = new ConcurrentHashMap<>();

    private final Map<NodeName, Running> agents = new ConcurrentHashMap<>();
    private final List<LeaveHook> leaveHooks = new ArrayList<>();
    private final Timing timing;
    private final ZooKeeperTree front;
    private final RpcServer api;
    private @Nullable ClusterClient client;

    /** A controller or an agent. Killing it ends its session too: its ephemeral entries go. */
    private record Running(Reactor reactor, ZooKeeperTree tree, List<AutoCloseable> rest) {
        void kill() {
            reactor.close();
            rest.forEach(TestPool::quietly);
            tree.close();
        }
    }

    private static void quietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    TestPool(Path directory) throws Exception {
        this(directory, new Timing(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(8), LONG));
    }

    TestPool(Path directory, Timing timing) throws Exception {
        this.directory = directory;
        this.timing = timing;
        startZooKeeper(0);
        front = openTree();
        api = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new ServerService(
                                front,
                                front::connected,
                                Connections.plain(),
                                kept(),
                                Isolation.NODES_ALONE,
                                InstantSource.system())
                        .definition()));
    }

    private KeptVerifications kept() {
        return new KeptVerifications(directory.resolve("verifications"));
    }

    private void startZooKeeper(int port) throws IOException, InterruptedException {
        zooKeeper = EmbeddedZooKeeper.start(
                directory.resolve("zookeeper"), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    void restartZooKeeper() throws IOException, InterruptedException {
        int port = zooKeeper.port();
        zooKeeper.close();
        startZooKeeper(port);
    }

    String hosts() {
        return "127.0.0.1:" + zooKeeper.port();
    }

    Fabric fabric() {
        return fabric;
    }

    void onLeave(LeaveHook hook) {
        leaveHooks.add(hook);
    }

    ZooKeeperTree openTree() throws InterruptedException {
        ZooKeeperTree tree = TreeSessions.open(hosts(), Connections.plain(), SESSION);
        if (!tree.awaitConnected(LONG)) {
            throw new IllegalStateException("no connection to " + hosts());
        }
        return tree;
    }

    void startController(String name) throws InterruptedException {
        startController(name, UnaryOperator.identity());
    }

    void startController(String name, UnaryOperator<Tree> wrap) throws InterruptedException {
        ZooKeeperTree tree = openTree();
        AtomicReference<Runnable> signal = new AtomicReference<>(() -> {});
        BackgroundVerifier verifier = new BackgroundVerifier(
                Connections.plain(),
                one -> kept().keep(one, false),
                () -> signal.get().run());
        Reactor reactor = reactor(
                "controller-" + name, new Controller(wrap.apply(tree), name, verifier, InstantSource.system(), timing));
        signal.set(reactor::signal);
        tree.watch(Paths.ROOT, reactor::signal);
        reactor.start();
        controllers.put(name, new Running(reactor, tree, List.of(verifier)));
    }

    void killController(String name) {
        Optional.ofNullable(controllers.remove(name)).orElseThrow().kill();
    }

    void startAgent(String name) throws Exception {
        startAgent(name, UnaryOperator.identity(), UnaryOperator.identity());
    }

    void startAgent(String name, UnaryOperator<Machine> machines, UnaryOperator<Tree> trees) throws Exception {
        NodeName node = new NodeName(name);
        int number = Integer.parseInt(name.replaceAll("[^0-9]", ""));
        fabric.add(node, new MemoryMachine(List.of("eth0", "eth1")));
        AtomicReference<Supplier<Optional<ServedCluster>>> served = new AtomicReference<>(Optional::empty);
        AtomicReference<List<LeftoverService.Source>> sources = new AtomicReference<>(List.of());
        Function<String, Identity> identity = address -> new Identity(
                node, "instance-" + name, new Ipv4((10 << 24 | 99 << 16) + 10 + number), address, "eth1", "test");
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getOrDefault(node, 0)),
                Connections.plain(),
                List.of(
                        new AgentService(identity.apply(""), () -> served.get().get(), fabric.prober(), fabric.paths())
                                .definition(),
                        new LeftoverService(node, sources::get, () -> {}).definition()));
        ports.put(node, server.port());
        ZooKeeperTree tree = openTree();
        Agent agent = new Agent(
                trees.apply(tree),
                TreeTexts.ofOneAgent(),
                identity.apply("127.0.0.1:" + server.port()),
                machines.apply(fabric.machine(node)),
                fabric.network(),
                () -> inventory(number),
                new Ledger<>(directory.resolve("agent-" + name).resolve("ledger.json"), Roster.class),
                leaveHooks,
                InstantSource.system(),
                System::nanoTime);
        agent.recall();
        served.set(agent::served);
        sources.set(List.of(agent::leftovers));
        Reactor reactor = reactor("agent-" + name, agent);
        tree.watch(Paths.assign(node), reactor::signal);
        tree.watch(Paths.node(node), reactor::signal);
        reactor.start();
        agents.put(node, new Running(reactor, tree, List.of(server)));
    }

    private static NodeInventory inventory(int number) {
        return NodeInventory.of(
                "6.1.0-test",
                2,
                1L << 30,
                List.of(
                        new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of("10.99.0." + (10 + number) + "/24")),
                        new Nic("eth1", "02:00:00:00:00:02", 4200, "UP", List.of())),
                List.of(new RdmaDevice(
                        "rxe0",
                        "eth1",
                        "ACTIVE",
                        4096,
                        List.of(new GidEntry(0, "fe80:0000:0000:0000:0000:0000:0000:0001", "RoCE v2", "eth1")))));
    }

    /** One that may be {@link Killed}. */
    private static Reactor reactor(String name, Pass pass) {
        return new Reactor(name, pass, Thread.ofPlatform(), Duration.ZERO, death -> {
            if (!(death instanceof Killed)) {
                throw new IllegalStateException(death);
            }
        });
    }

    void killAgent(String name) {
        Optional.ofNullable(agents.remove(new NodeName(name))).orElseThrow().kill();
    }

    /** For a caller that is that agent itself. */
    void killAgentSoon(String name) {
        Thread.ofVirtual().start(() -> killAgent(name));
    }

    void killControllerSoon(String name) {
        Thread.ofVirtual().start(() -> killController(name));
    }

    /** Its ephemeral entry is no longer there. */
    boolean isGone(String node) throws Exception {
        return client().nodes().nodes().stream()
                .noneMatch(summary -> summary.name().value().equals(node)
                        && (summary.state() == NodeState.FREE || summary.state() == NodeState.ASSIGNED));
    }

    /** One controller and n1 to nN, all free. */
    void start(int nodes) throws Exception {
        startController("s1");
        for (int i = 1; i <= nodes; i++) {
            startAgent("n" + i);
        }
        awaitFree(nodes);
    }

    void awaitFree(int nodes) {
        await().atMost(LONG).until(() -> count(NodeState.FREE) == nodes);
    }

    long count(NodeState state) throws Exception {
        return client().nodes().nodes().stream()
                .map(NodeList.Row::state)
                .filter(state::equals)
                .count();
    }

    ClusterClient openClient() {
        return ClusterClient.to(api.address(), Connections.plain(), LONG);
    }

    ClusterClient client() {
        ClusterClient known = client;
        if (known == null) {
            known = openClient();
            client = known;
        }
        return known;
    }

    Outcome create(ClusterSpec spec) throws Exception {
        return client().create(spec, ClusterClient.newRequestId(), LONG, event -> {});
    }

    Outcome delete(String name) throws Exception {
        return client().delete(new dev.scc.cluster.ClusterName(name), ClusterClient.newRequestId(), LONG, event -> {});
    }

    boolean bare(String node) {
        return fabric.machine(new NodeName(node)).observe().objects().isEmpty();
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        api.close();
        front.close();
        controllers.values().forEach(Running::kill);
        agents.values().forEach(Running::kill);
        zooKeeper.close();
    }
}
