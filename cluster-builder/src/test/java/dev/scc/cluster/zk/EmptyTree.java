package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Paths;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Op;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real ZooKeeper with a session, where nobody but the test writes; it has the folders that a first controller makes. */
public record EmptyTree(EmbeddedZooKeeper zooKeeper, ZooKeeperTree tree) implements AutoCloseable {
    private static final Duration SESSION = Duration.ofSeconds(20);

    /** @param directory for ZooKeeper's data */
    public static EmptyTree start(Path directory) throws Exception {
        EmbeddedZooKeeper zooKeeper =
                EmbeddedZooKeeper.start(directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ZooKeeperTree tree = TreeSessions.openLean("127.0.0.1:" + zooKeeper.port(), Connections.plain(), SESSION);
        EmptyTree started = new EmptyTree(zooKeeper, tree);
        try {
            assertThat(tree.awaitConnected(SESSION)).isTrue();
            List<Op> folders = new ArrayList<>();
            Paths.FOLDERS.forEach(folder -> folders.add(new Op.Create(folder, "")));
            tree.commit(folders);
            return started;
        } catch (Exception | AssertionError e) {
            started.close();
            throw e;
        }
    }

    /** Another session with the same ZooKeeper, for whoever closes it. */
    public ZooKeeperTree another() throws InterruptedException {
        ZooKeeperTree other = TreeSessions.openLean("127.0.0.1:" + zooKeeper.port(), Connections.plain(), SESSION);
        assertThat(other.awaitConnected(SESSION)).isTrue();
        return other;
    }

    @Override
    public void close() {
        tree.close();
        zooKeeper.close();
    }
}
