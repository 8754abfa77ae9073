package dev.scc.cluster.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller that knows several servers does not need any one of them. */
@Timeout(240)
class ApiFailoverTest {
    private static final Logger log = LoggerFactory.getLogger(ApiFailoverTest.class);
    private static final Duration LONG = Servers.LONG;

    /** Of the servers with ZooKeeper, where that must not be what a client waits for. */
    private static final Duration SESSION = Duration.ofSeconds(40);

    /**
     * A client leaves a server that has said nothing for 0.9 s, so that the pause is about a second; how much more a busy
     * machine makes of it is no matter. This is less than what else could make it go on: the end of the silent server's session
     * ({@link #SESSION}), gRPC's sign of life (10 s of silence, then 15 s for the answer), and the client's patience (90 s).
     */
    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void viewsRequestsAndEventsGoOnAtAnotherServerWhenOneIsKilledOrSilent() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<EventList.Row> followed = new CopyOnWriteArrayList<>();
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), anyPort);
                Servers servers = Servers.on(directory, "127.0.0.1:" + zooKeeper.port(), "s1", "s2")) {
            servers.startAll();
            try (Nodes nodes = new Nodes(directory, servers.hosts(), 1);
                    ClusterClient client = ClusterClient.to(servers.addresses(), Connections.plain(), LONG)) {
                nodes.awaitFree(client);
                Thread follower = Thread.ofVirtual().start(() -> {
                    try {
                        client.followEvents(followed::add);
                    } catch (Exception e) {
                        Thread.currentThread().interrupt();
                    }
                });

                servers.pause("s1");
                assertThat(cordon(client, "first")).isInstanceOf(Outcome.Done.class);
                assertThat(outOfService(client)).contains("first");
                servers.resume("s1");
                servers.kill("s2");
                assertThat(cordon(client, "second")).isInstanceOf(Outcome.Done.class);
                assertThat(outOfService(client)).contains("second");

                await().atMost(LONG)
                        .until(() ->
                                followed.stream().anyMatch(event -> event.what().contains("second")));
                follower.interrupt();
                follower.join();
                assertThat(followed)
                        .doesNotHaveDuplicates()
                        .anyMatch(event -> event.what().contains("first"));
            }
        }
    }

    /** Neither server ever leads anew here, so that what is measured is the way of the client alone. */
    @Test
    void aClientGoesOnAtAnotherServerLongBeforeTheSessionOfTheSilentOneEnds() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), anyPort);
                Servers servers = Servers.on(directory, "127.0.0.1:" + zooKeeper.port(), SESSION, "s1", "s2")) {
            servers.startAll();
            try (Nodes nodes = new Nodes(directory, servers.hosts(), 1);
                    ClusterClient client = ClusterClient.to(servers.addresses(), Connections.plain(), LONG);
                    ZooKeeperTree tree = TreeSessions.open(servers.hosts(), Connections.plain(), LONG)) {
                nodes.awaitFree(client);
                String leader = servers.awaitLeader(tree, "");
                String other = leader.equals("s1") ? "s2" : "s1";

                servers.pause(leader);
                Duration reading = pauseOf("a question", () -> outOfService(client));
                servers.resume(leader);
                // It is at the other one now.
                servers.pause(other);
                Duration asking = pauseOf("a request", () -> cordon(client, "asked"));
                Duration readingBack = pauseOf("a question", () -> outOfService(client));
                servers.resume(other);
                outOfService(client);
                servers.kill(other);
                Duration readingOn = pauseOf("a question of a killed one's", () -> outOfService(client));

                assertThat(outOfService(client)).contains("asked");
                assertThat(List.of(reading, asking, readingBack, readingOn))
                        .allSatisfy(pause -> assertThat(pause).isLessThan(BOUND));
            }
        }
    }

    /** How long a call takes whose server is not there. */
    private static Duration pauseOf(String what, Callable<?> call) throws Exception {
        long begin = System.nanoTime();
        call.call();
        Duration pause = Duration.ofNanos(System.nanoTime() - begin);
        log.atInfo()
                .addKeyValue("what", what)
                .addKeyValue("ms", pause.toMillis())
                .log("went on at another server");
        return pause;
    }

    private static Outcome cordon(ClusterClient client, String why) throws Exception {
        return client.cordon(new NodeName("n1"), why, ClusterClient.newRequestId(), LONG);
    }

    /** At least as young as what this client has written, whichever server says it. */
    private static String outOfService(ClusterClient client) throws Exception {
        return client.nodes().nodes().getFirst().outOfService();
    }
}
