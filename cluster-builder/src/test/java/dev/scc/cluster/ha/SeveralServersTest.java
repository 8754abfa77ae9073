package dev.scc.cluster.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real server processes are killed, stopped and restarted. */
@Timeout(300)
class SeveralServersTest {
    private static final Duration LONG = Servers.LONG;
    private static final ClusterName DEMO = new ClusterName("demo");

    @TempDir
    Path directory;

    private static Outcome create(ClusterClient client) {
        try {
            return client.create(ClusterSpec.of("demo", 3).withVerify(Pattern.OFF), "create", LONG, event -> {});
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Outcome> createHalfWay(ClusterClient client, Nodes nodes) {
        nodes.awaitFree(client);
        nodes.hold();
        CompletableFuture<Outcome> create =
                CompletableFuture.supplyAsync(() -> create(client), Thread::startVirtualThread);
        await().atMost(LONG).until(() -> !client.clusters().clusters().isEmpty());
        return create;
    }

    private static void checkReady(ClusterClient client, Nodes nodes, TreeChecker checker) throws Exception {
        assertThat(client.clusters().clusters())
                .singleElement()
                .satisfies(cluster -> assertThat(cluster.phase()).isEqualTo(ClusterPhase.READY));
        assertThat(nodes.built()).isEqualTo(3);
        assertThat(checker.faults()).isEmpty();
    }

    @Test
    void aLeaderKilledInTheMiddleOfACreateHasASuccessorThatFinishesIt() throws Exception {
        try (Servers servers = Servers.ensemble(directory)) {
            servers.startAll();
            try (Nodes nodes = new Nodes(directory, servers.hosts(), 4);
                    ClusterClient client = ClusterClient.to(servers.addresses(), Connections.plain(), LONG);
                    ZooKeeperTree tree = TreeSessions.open(servers.hosts(), Connections.plain(), LONG);
                    TreeChecker checker = new TreeChecker(servers.hosts())) {
                CompletableFuture<Outcome> create = createHalfWay(client, nodes);
                String first = servers.awaitLeader(tree, "");

                servers.kill(first);
                servers.awaitLeader(tree, first);
                nodes.release();

                assertThat(create.get()).isInstanceOf(Outcome.Done.class);
                checkReady(client, nodes, checker);

                // The one that comes back learns what was decided without it, and can replace one that goes then.
                servers.start(first);
                String second = servers.awaitLeader(tree, first);
                servers.kill(second);
                servers.awaitLeader(tree, second);
                checkReady(client, nodes, checker);
                assertThat(client.delete(DEMO, "delete", LONG, event -> {})).isInstanceOf(Outcome.Done.class);
                assertThat(nodes.built()).isZero();
                assertThat(checker.faults()).isEmpty();
            }
        }
    }

    @Test
    void aLeaderStoppedForLongerThanItsSessionWritesNothingAfterwards() throws Exception {
        try (Servers servers = Servers.ensemble(directory)) {
            servers.startAll();
            try (Nodes nodes = new Nodes(directory, servers.hosts(), 3);
                    ClusterClient client = ClusterClient.to(servers.addresses(), Connections.plain(), LONG);
                    ZooKeeperTree tree = TreeSessions.open(servers.hosts(), Connections.plain(), LONG);
                    TreeChecker checker = new TreeChecker(servers.hosts())) {
                CompletableFuture<Outcome> create = createHalfWay(client, nodes);
                String first = servers.awaitLeader(tree, "");

                servers.pause(first);
                servers.awaitLeader(tree, first);
                nodes.release();
                assertThat(create.get()).isInstanceOf(Outcome.Done.class);
                Map<String, Integer> before = checker.versions();
                servers.resume(first);

                await().during(Duration.ofSeconds(3))
                        .atMost(LONG)
                        .until(() -> checker.versions().equals(before));
                checkReady(client, nodes, checker);
            }
        }
    }

    @Test
    void aMinorityDecidesNothingAndWhatWasDecidedSurvivesOnDisk() throws Exception {
        try (Servers servers = Servers.ensemble(directory)) {
            servers.startAll();
            try (Nodes nodes = new Nodes(directory, servers.hosts(), 3);
                    ClusterClient client = ClusterClient.to(servers.addresses(), Connections.plain(), LONG)) {
                nodes.awaitFree(client);
                assertThat(create(client)).isInstanceOf(Outcome.Done.class);
                NetState built = nodes.state("n1");

                servers.kill("s1");
                servers.kill("s2");
                NodeName n1 = new NodeName("n1");
                assertThatThrownBy(() -> client.cordon(n1, "out of order", "late", Duration.ofSeconds(5)))
                        .isInstanceOfAny(TimedOut.class, ServerUnreachable.class);

                // Without ZooKeeper an agent changes nothing, not even when it starts anew.
                nodes.stop("n1");
                nodes.start("n1");
                servers.killAll();
                await().during(Duration.ofSeconds(2))
                        .atMost(LONG)
                        .until(() -> nodes.state("n1").equals(built));

                servers.startAll();
                assertThat(client.cordon(n1, "out of order", "late", LONG)).isInstanceOf(Outcome.Done.class);
                try (TreeChecker checker = new TreeChecker(servers.hosts())) {
                    checkReady(client, nodes, checker);
                }
                assertThat(client.delete(DEMO, "delete", LONG, event -> {})).isInstanceOf(Outcome.Done.class);
                assertThat(nodes.built()).isZero();
            }
        }
    }

    @Test
    void ofTwoServersOnAnEnsembleThatIsThereOneTakesOverFromTheOther() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), anyPort);
                Servers servers = Servers.on(directory, "127.0.0.1:" + zooKeeper.port(), "s1", "s2")) {
            servers.startAll();
            try (Nodes nodes = new Nodes(directory, servers.hosts(), 3);
                    ClusterClient client = ClusterClient.to(servers.addresses(), Connections.plain(), LONG);
                    ZooKeeperTree tree = TreeSessions.open(servers.hosts(), Connections.plain(), LONG);
                    TreeChecker checker = new TreeChecker(servers.hosts())) {
                CompletableFuture<Outcome> create = createHalfWay(client, nodes);
                String first = servers.awaitLeader(tree, "");

                servers.kill(first);
                servers.awaitLeader(tree, first);
                nodes.release();

                assertThat(create.get()).isInstanceOf(Outcome.Done.class);
                checkReady(client, nodes, checker);
            }
        }
    }
}
