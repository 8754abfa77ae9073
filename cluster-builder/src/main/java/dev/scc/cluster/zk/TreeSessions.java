package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import java.time.Duration;
import java.util.Optional;

/**
 * Opens sessions with ZooKeeper, all of them: with the same limits, with the other end named in what goes wrong, and with what
 * the process shows.
 */
public final class TreeSessions {
    private TreeSessions() {}

    /**
     * Begins to connect and returns at once.
     *
     * @param hosts one or more {@code host:port}, with commas between them
     * @param connections whose credentials the session shows
     * @param timeout how long the session outlives its connection
     */
    public static ZooKeeperTree open(String hosts, Connections connections, Duration timeout) {
        Limits.apply();
        return CuratorTree.open(Peer.zooKeeper(hosts), timeout, ClientSettings.showing(connections.credentials()));
    }

    /** The same through a door. */
    public static ZooKeeperTree open(String hosts, Connections connections, EnsembleDoor door, Duration timeout) {
        return switch (door) {
            case EnsembleDoor.Own _ -> open(hosts, connections, timeout);
            case EnsembleDoor.Plain _ -> {
                Limits.apply();
                yield CuratorTree.open(Peer.zooKeeper(hosts), timeout, ClientSettings.showing(Optional.empty()));
            }
            case EnsembleDoor.Tls tls -> {
                Limits.apply();
                ClientSettings settings = ClientSettings.foreign(tls, connections.credentials());
                CuratorTree tree = CuratorTree.open(Peer.zooKeeper(hosts), timeout, settings);
                settings.alsoClose(EnsembleWatch.start(tree, hosts, tls, connections.credentials())::close);
                yield tree;
            }
        };
    }

    /** {@link #open} with as few threads as can be, for processes with thousands of sessions. */
    public static ZooKeeperTree openLean(String hosts, Connections connections, Duration timeout) {
        Limits.apply();
        return PlainTree.open(Peer.zooKeeper(hosts), timeout, ClientSettings.showing(connections.credentials()));
    }
}
