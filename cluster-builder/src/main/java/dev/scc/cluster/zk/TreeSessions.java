package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.Peer;
import java.time.Duration;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * Opens sessions with ZooKeeper, all of them: with the same limits, with the other end named in what goes wrong, and, once
 * there are credentials, with those.
 */
public final class TreeSessions {
    private TreeSessions() {}

    /**
     * Begins to connect and returns at once.
     *
     * @param hosts one or more {@code host:port}, with commas between them
     * @param timeout how long the session outlives its connection
     */
    public static ZooKeeperTree open(String hosts, Duration timeout) {
        Limits.apply();
        return CuratorTree.open(Peer.zooKeeper(hosts), timeout, settings());
    }

    /** The same with as few threads as can be, for processes with thousands of sessions. */
    public static ZooKeeperTree openLean(String hosts, Duration timeout) {
        Limits.apply();
        return PlainTree.open(Peer.zooKeeper(hosts), timeout, settings());
    }

    /** What ZooKeeper's client is to know beyond where to connect. */
    private static ZKClientConfig settings() {
        ZKClientConfig settings = new ZKClientConfig();
        Limits.apply(settings);
        return settings;
    }
}
