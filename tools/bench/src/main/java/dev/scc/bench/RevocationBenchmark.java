package dev.scc.bench;

import dev.scc.cluster.agent.AgentHost;
import dev.scc.cluster.agent.HostedNode;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.FileTree;
import dev.scc.host.ListeningChannels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * How soon who was put out is out everywhere: people in the middle of a stream of a server's, nodes in their sessions with
 * ZooKeeper, and people at the agents of all nodes.
 */
final class RevocationBenchmark implements Benchmark {
    private static final int NODES = Integer.getInteger("scc.bench.nodes", 100);
    private static final int REVOCATIONS = 50;
    private static final int QUICK_REVOCATIONS = 5;
    private static final double PERCENTILE = 0.99;
    private static final double MOST_SECONDS = 1.0;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int PAUSE_MILLIS = 200;

    private final Path home;
    private final Path data;

    RevocationBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "from a revocation until nobody answers who was put out: streams, sessions, and the agents of 100 nodes";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int revocations = quick ? QUICK_REVOCATIONS : REVOCATIONS;
        Path directory = Directories.fresh(data);
        BenchAuthority authority = BenchAuthority.prepare(List.of(directory.resolve("data")));
        int port = Directories.freePort();
        int apiPort = Directories.freePort();
        String hosts = "127.0.0.1:" + port;
        String api = "127.0.0.1:" + apiPort;
        try (ChildJvm _ = ChildJvm.start(
                        directory.resolve("server.log"),
                        List.of(
                                home.resolve("bin/scc").toString(),
                                "server",
                                "--no-local-context",
                                "--data",
                                directory.resolve("data").toString(),
                                "--port",
                                Integer.toString(port),
                                "--api-port",
                                Integer.toString(apiPort)));
                TrustClient admin = TrustClient.to(api, authority.administrator(), LONGEST);
                AgentHost agents = new AgentHost(hosts, HostedAgents.SESSION)) {
            List<Connections> ofAgents = new ArrayList<>();
            for (int number = 1; number <= NODES; number++) {
                Connections own = authority.as(Role.NODE, "n" + number);
                ofAgents.add(own);
                agents.start(HostedAgents.node(
                        number,
                        own,
                        Optional.of(new HostedNode.Services(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                ListeningChannels.ofThisProcess(),
                                (_, _, _) -> {},
                                List.of()))));
            }
            awaitAgents(api, authority);
            List<Double> streams = new ArrayList<>();
            List<Double> sessions = new ArrayList<>();
            List<Double> everywhere = new ArrayList<>();
            for (int round = 1; round <= revocations; round++) {
                streams.add(stream(api, authority, admin, "p" + round, ofAgents, everywhere));
                sessions.add(session(hosts, authority, admin, "gone" + round));
                System.err.printf(
                        "revocation %d of %d: stream %.3f s, session %.3f s, last agent %.3f s%n",
                        round, revocations, streams.getLast(), sessions.getLast(), everywhere.getLast());
                Thread.sleep(PAUSE_MILLIS);
            }
            return new Result(
                    "revocation",
                    List.of(
                            row("a stream of a server's has ended", streams),
                            row("a node's session with ZooKeeper has ended", sessions),
                            row("the last of " + NODES + " agents knows", everywhere)),
                    List.of(revocations
                            + " revocations of each, one after the other, counted from the call on. Streams "
                            + Spread.of(streams) + ", sessions " + Spread.of(sessions) + ", last agent "
                            + Spread.of(everywhere) + ". A keeper of jobs asks its agent twice a second, which comes on"
                            + " top."));
        } finally {
            FileTree.remove(directory);
        }
    }

    private static Row row(String what, List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        double value = sorted.get(Math.min(sorted.size() - 1, (int) Math.ceil(PERCENTILE * sorted.size()) - 1));
        return new Row(
                what + ", 99th percentile, s (other: target)",
                value,
                MOST_SECONDS,
                value / MOST_SECONDS,
                "at most 1 s",
                value <= MOST_SECONDS);
    }

    private static void awaitAgents(String api, BenchAuthority authority) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        try (ClusterClient client = ClusterClient.to(api, authority.administrator(), LONGEST)) {
            while (System.nanoTime() < end) {
                long free = client.nodes().nodes().stream()
                        .filter(node -> node.state() == NodeState.FREE)
                        .count();
                if (free == NODES) {
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        throw new IOException("not all of " + NODES + " agents have come within " + LONGEST.toSeconds() + " s");
    }

    private static double stream(
            String api,
            BenchAuthority authority,
            TrustClient admin,
            String name,
            List<Connections> agents,
            List<Double> everywhere)
            throws Exception {
        Principal person = new Principal(Role.OPERATOR, name);
        admin.invite(person, Optional.empty(), LONGEST, Optional.of(Rights.NONE));
        Instant signed = Instant.now();
        Connections shown = authority.as(person.role(), name);
        try (RpcChannel channel = shown.to(Peer.server(api));
                RpcCall<ServerRpc.Events, EventSaid> call = channel.open(ServerRpc.EVENTS, Optional.empty())) {
            call.send(new ServerRpc.Events("", true, 0));
            call.sendNoMore();
            boolean open = true;
            while (open) {
                open = !(call.next().orElseThrow() instanceof EventSaid.UpToDate);
            }
            FutureTask<Long> ended = new FutureTask<>(() -> ended(call));
            FutureTask<Long> known = new FutureTask<>(() -> known(agents, person, signed));
            Thread.ofPlatform().daemon().start(ended);
            Thread.ofPlatform().daemon().start(known);
            long start = System.nanoTime();
            admin.revoke(person);
            everywhere.add((known.get(LONGEST.toSeconds(), TimeUnit.SECONDS) - start) / 1e9);
            return (ended.get(LONGEST.toSeconds(), TimeUnit.SECONDS) - start) / 1e9;
        }
    }

    private static long ended(RpcCall<?, ?> call) throws InterruptedException {
        try {
            while (call.next().isPresent()) {
                // An event.
            }
        } catch (RpcFailed e) {
            return System.nanoTime();
        }
        return System.nanoTime();
    }

    private static long known(List<Connections> agents, Principal person, Instant signed) throws InterruptedException {
        for (Connections agent : agents) {
            while (!agent.revocations().covers(person, signed)) {
                Thread.sleep(1);
            }
        }
        return System.nanoTime();
    }

    private static double session(String hosts, BenchAuthority authority, TrustClient admin, String name)
            throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ZooKeeperTree tree = TreeSessions.openLean(hosts, authority.as(Role.NODE, name), HostedAgents.SESSION)) {
            if (!tree.awaitConnected(LONGEST)) {
                throw new IOException("no session for node " + name);
            }
            tree.onSession(state -> {
                if (state != SessionState.CONNECTED) {
                    over.countDown();
                }
            });
            long start = System.nanoTime();
            admin.revoke(new Principal(Role.NODE, name));
            if (!over.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the session of node " + name + " goes on after its revocation");
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
