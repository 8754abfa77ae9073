package dev.scc.bench;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.TransactionLog;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The real thing: {@code scc server} in a process of its own, real agents with machines in memory in another, and a client. */
final class SimulatedPool implements Pool {
    /** Of the process that holds thousands of agents, or as many bare sessions. Its heap has its size from the beginning. */
    static final List<String> AGENTS_OPTIONS = List.of(
            "-XX:+UseParallelGC",
            "-Xms2g",
            "-Xmx2g",
            "-Xmn1g",
            "-XX:-UseAdaptiveSizePolicy",
            "-XX:+AlwaysPreTouch",
            "-Xss512k");

    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final ClusterName CLUSTER = new ClusterName("demo");

    private final Path directory;
    private final int nodes;
    private final Starter startServer;
    private ChildJvm server;
    private final ChildJvm agents;
    private final String address;
    private final Connections connections;
    private final ClusterClient client;
    private final ZooKeeperTree tree;
    private Optional<String> request = Optional.empty();

    /** Starts a process. */
    @FunctionalInterface
    private interface Starter {
        ChildJvm start() throws IOException;
    }

    /** Whether those who talk to each other prove who they are. */
    enum Wire {
        TLS,
        PLAIN
    }

    SimulatedPool(Path home, Path directory, int nodes) throws Exception {
        this(home, directory, nodes, Wire.TLS);
    }

    SimulatedPool(Path home, Path directory, int nodes, Wire wire) throws Exception {
        this.directory = Directories.fresh(directory);
        this.nodes = nodes;
        Path data = directory.resolve("data");
        BenchAuthority authority = BenchAuthority.prepare(List.of(data));
        connections = wire == Wire.TLS ? authority.administrator() : HostedAgents.IN_PLAIN_TEXT;
        int port = Directories.freePort();
        int apiPort = Directories.freePort();
        String hosts = "127.0.0.1:" + port;
        startServer = () -> wire == Wire.TLS
                ? ChildJvm.start(
                        directory.resolve("server.log"),
                        List.of(
                                home.resolve("bin/scc").toString(),
                                "server",
                                "--no-local-context",
                                "--data",
                                data.toString(),
                                "--port",
                                Integer.toString(port),
                                "--api-port",
                                Integer.toString(apiPort)))
                : ChildJvm.start(
                        directory.resolve("server.log"),
                        serverOptions(),
                        PlainServer.class,
                        List.of(data.toString(), Integer.toString(port), Integer.toString(apiPort)));
        server = startServer.start();
        List<String> arguments = new ArrayList<>(List.of(hosts, Integer.toString(nodes)));
        if (wire == Wire.TLS) {
            arguments.add(data.resolve(Security.AUTHORITY).toString());
        }
        agents = ChildJvm.start(directory.resolve("agents.log"), AGENTS_OPTIONS, HostedAgents.class, arguments);
        address = "127.0.0.1:" + apiPort;
        client = connect();
        tree = TreeSessions.open(
                hosts, wire == Wire.TLS ? authority.server() : HostedAgents.IN_PLAIN_TEXT, HostedAgents.SESSION);
        tree.awaitConnected(LONGEST);
        awaitFree();
    }

    /** Another caller, with a connection of its own. */
    ClusterClient connect() {
        return ClusterClient.to(address, connections, LONGEST);
    }

    /** What {@code scc server} is started with. */
    static List<String> serverOptions() {
        List<String> options = new ArrayList<>(ChildJvm.AS_DAEMON);
        options.addAll(List.of("-Xms160m", "-Xmx512m", "-Xmn96m"));
        return options;
    }

    private void awaitFree() throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        long free = 0;
        while (System.nanoTime() < end) {
            free = client.nodes().nodes().stream()
                    .filter(node -> node.state() == NodeState.FREE)
                    .count();
            if (free == nodes) {
                awaitIdle();
                return;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        throw new IOException("only " + free + " of " + nodes + " nodes are free; see " + directory);
    }

    /** Ends the server, starts it again and creates: how many seconds after its start all agents have answered that. */
    double createAfterRestart() throws Exception {
        server.close();
        long start = System.nanoTime();
        server = startServer.start();
        create();
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public double create() throws Exception {
        String id = ClusterClient.newRequestId();
        request = Optional.of(id);
        ClusterSpec spec = ClusterSpec.of(CLUSTER.value(), nodes).withVerify(Pattern.OFF);
        long start = System.nanoTime();
        Outcome outcome = client.create(spec, id, LONGEST, progress -> {});
        return done(start, outcome);
    }

    @Override
    public double delete() throws Exception {
        long start = System.nanoTime();
        Outcome outcome = client.delete(CLUSTER, ClusterClient.newRequestId(), LONGEST, progress -> {});
        double seconds = done(start, outcome);
        awaitIdle();
        return seconds;
    }

    private double done(long start, Outcome outcome) throws IOException {
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!(outcome instanceof Outcome.Done)) {
            throw new IOException(outcome + "; see " + directory);
        }
        return seconds;
    }

    /** Of what is in the tree after a create. */
    Sizes sizes() throws ConnectionLost, InterruptedException {
        return Sizes.of(tree, CLUSTER.value(), request.orElseThrow(), "n" + nodes);
    }

    /** How many transactions the leader has written so far, by ZooKeeper's own log. */
    int leaderTransactions() throws IOException, ConnectionLost, InterruptedException {
        long leader = tree.get(Paths.LEADER).orElseThrow().owner();
        return TransactionLog.count(directory.resolve("data").resolve("zookeeper"), leader);
    }

    /** What the server's heap holds after a collection, in MiB. */
    double serverHeap() throws IOException, InterruptedException {
        return LiveHeap.of(server.pid());
    }

    @Override
    public void collectAgents() throws IOException, InterruptedException {
        LiveHeap.collect(agents.pid());
    }

    @Override
    public double processorSeconds() {
        return server.processorSeconds() + agents.processorSeconds();
    }

    @Override
    public void close() throws IOException {
        tree.close();
        client.close();
        agents.close();
        server.close();
        FileTree.remove(directory);
    }
}
