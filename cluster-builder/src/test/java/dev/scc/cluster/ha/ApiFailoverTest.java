package dev.scc.cluster.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A caller that knows several servers does not need any one of them. */
@Timeout(240)
class ApiFailoverTest {
    private static final Duration LONG = Servers.LONG;

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

    private static Outcome cordon(ClusterClient client, String why) throws Exception {
        return client.cordon(new NodeName("n1"), why, ClusterClient.newRequestId(), LONG);
    }

    /** At least as young as what this client has written, whichever server says it. */
    private static String outOfService(ClusterClient client) throws Exception {
        return client.nodes().nodes().getFirst().outOfService();
    }
}
