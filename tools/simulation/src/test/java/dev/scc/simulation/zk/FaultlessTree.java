package dev.scc.simulation.zk;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.tree.Tree;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The simulated ZooKeeper as a tree, with a connection that never breaks and replicas that are never behind. */
final class FaultlessTree implements Tree {
    private final SimZooKeeper zooKeeper;
    private final int replicas;
    private final long session;

    FaultlessTree(SimZooKeeper zooKeeper, int replicas, int replica) {
        this.zooKeeper = zooKeeper;
        this.replicas = replicas;
        this.session = zooKeeper.openSession(replica);
    }

    @Override
    public Optional<Entry> get(String path) throws ConnectionLost {
        try {
            return zooKeeper.get(session, path);
        } catch (SessionGone e) {
            throw new ConnectionLost("reading " + path, e);
        }
    }

    @Override
    public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost {
        Map<String, Entry> found = new TreeMap<>();
        for (String path : paths) {
            get(path).ifPresent(entry -> found.put(path, entry));
        }
        return found;
    }

    @Override
    public void sync() throws ConnectionLost {
        try {
            zooKeeper.sync(session);
        } catch (SessionGone e) {
            throw new ConnectionLost("catching up", e);
        }
    }

    @Override
    public List<String> children(String path) throws ConnectionLost {
        try {
            return zooKeeper.children(session, path);
        } catch (SessionGone e) {
            throw new ConnectionLost("listing " + path, e);
        }
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost {
        try {
            zooKeeper.commit(session, ops);
        } catch (SessionGone e) {
            throw new ConnectionLost("writing", e);
        }
        allCatchUp();
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        try {
            zooKeeper.watch(session, path, changed -> changed.forEach(named));
        } catch (SessionGone e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void onSession(Consumer<SessionState> listener) {
        throw new UnsupportedOperationException("its state never changes");
    }

    @Override
    public long session() {
        return session;
    }

    void close() {
        zooKeeper.end(session);
        allCatchUp();
    }

    private void allCatchUp() {
        for (int replica = 0; replica < replicas; replica++) {
            zooKeeper.catchUp(replica, Integer.MAX_VALUE);
        }
    }
}
