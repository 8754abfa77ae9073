package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.FencedTransaction;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The transaction of the largest cluster, with the longest names, in a real ZooKeeper. */
@Timeout(240)
class LargestClusterTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LONGEST_NAME = 63;

    @TempDir
    Path directory;

    private EmbeddedZooKeeper start(int port) throws Exception {
        return EmbeddedZooKeeper.start(directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static Node node(int number) {
        NodeName name = new NodeName("n".repeat(LONGEST_NAME - 5) + (50_000 + 2 * number));
        Node like = Worlds.node(number, new Assignment.Free(1, 0), true);
        Inventory has = like.inventory().orElseThrow();
        Inventory own = Inventory.of(name, has.rdmaNetdev(), has.version(), has.has());
        return new Node(
                new Held<>(NodeRecord.enrolled(name, like.record().value().machine()), 0),
                like.assignment(),
                like.status(),
                java.util.Optional.of(own),
                like.alive());
    }

    private static void inChunks(ZooKeeperTree tree, List<Op> ops) throws Exception {
        for (int from = 0; from < ops.size(); from += 1000) {
            tree.commit(ops.subList(from, Math.min(from + 1000, ops.size())));
        }
    }

    @Test
    void isTakenAndIsThereAgainAfterARestart() throws Exception {
        int nodes = ClusterSpec.MOST_NODES;
        World world = Worlds.of(IntStream.rangeClosed(1, nodes)
                .mapToObj(LargestClusterTest::node)
                .toArray(Node[]::new));
        List<Op> before = new ArrayList<>();
        Paths.FOLDERS.forEach(folder -> before.add(new Op.Create(folder, "")));
        before.add(new Op.Create(Paths.EPOCH, "1"));
        before.add(new Op.Create(Paths.POOLS, Json.write(Pools.empty())));
        before.add(new Op.Create(Paths.request("r1"), ""));
        world.nodes().keySet().forEach(name -> before.add(new Op.Create(Paths.assign(name), "")));
        CreatePlanner.Plan.Build build = (CreatePlanner.Plan.Build)
                CreatePlanner.plan(ClusterSpec.of("x".repeat(20), nodes), Optional.empty(), "r1", world, 1, 1);
        int port;

        try (EmbeddedZooKeeper server = start(0);
                ZooKeeperTree tree = TreeSessions.open("127.0.0.1:" + server.port(), Connections.plain(), LONG)) {
            port = server.port();
            assertThat(tree.awaitConnected(LONG)).isTrue();
            inChunks(tree, before);
            tree.commit(FencedTransaction.of(0, build.changes()));
        }

        try (EmbeddedZooKeeper server = start(port);
                ZooKeeperTree tree = TreeSessions.open("127.0.0.1:" + server.port(), Connections.plain(), LONG)) {
            assertThat(tree.awaitConnected(LONG)).isTrue();
            String roster = tree.get(Paths.roster(new ClusterName("x".repeat(20)), 1))
                    .orElseThrow()
                    .text();
            assertThat(Json.read(roster, Roster.class)).isEqualTo(build.roster());
            assertThat(tree.children(Paths.ASSIGN)).hasSize(nodes);
            assertThat(tree.get(Paths.assign(world.nodes().lastKey()))
                            .orElseThrow()
                            .version())
                    .isEqualTo(1);
        }
    }
}
