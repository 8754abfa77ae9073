package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.EntryFacts;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree in ZooKeeper. Curator keeps the session: it finds a live server and opens a new session when the old one has
 * expired. Operations go straight to ZooKeeper and are never retried in here: what may be repeated is the caller's
 * knowledge.
 */
final class CuratorTree implements ZooKeeperTree {
    private static final Logger log = LoggerFactory.getLogger(CuratorTree.class);

    private final Peer peer;
    private final CuratorFramework curator;
    private final ClientSettings settings;
    private final Wariness wariness = new Wariness(System::nanoTime);
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final List<Consumer<SessionState>> listeners = new CopyOnWriteArrayList<>();

    private record Watch(String path, Watcher watcher, Runnable signal) {}

    private CuratorTree(Peer peer, CuratorFramework curator, ClientSettings settings) {
        this.peer = peer;
        this.curator = curator;
        this.settings = settings;
    }

    static CuratorTree open(Peer peer, Duration session, ClientSettings settings) {
        CuratorFramework curator = CuratorFrameworkFactory.builder()
                .connectString(peer.address())
                .zkClientConfig(settings.config())
                .sessionTimeoutMs(Math.toIntExact(session.toMillis()))
                .connectionTimeoutMs(Math.toIntExact(session.toMillis()))
                .retryPolicy(new RetryNTimes(0, 0))
                // The ensemble's own idea of its addresses may be out of reach from here.
                .ensembleTracker(false)
                .maxCloseWaitMs(500)
                .build();
        CuratorTree tree = new CuratorTree(peer, curator, settings);
        curator.getConnectionStateListenable().addListener((client, state) -> tree.changed(state));
        curator.start();
        return tree;
    }

    @Override
    public boolean awaitConnected(Duration atMost) throws InterruptedException {
        return curator.blockUntilConnected(Math.toIntExact(atMost.toMillis()), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean connected() {
        return curator.getZookeeperClient().isConnected();
    }

    private void changed(ConnectionState state) {
        SessionState now = switch (state) {
            case CONNECTED, RECONNECTED -> SessionState.CONNECTED;
            case SUSPENDED, READ_ONLY -> SessionState.SUSPENDED;
            case LOST -> SessionState.LOST;
        };
        log.atDebug().addKeyValue("state", state).log("connection to ZooKeeper changed");
        if (now == SessionState.CONNECTED) {
            for (Watch watch : watches) {
                arm(watch);
                watch.signal.run();
            }
        }
        for (Consumer<SessionState> listener : listeners) {
            listener.accept(now);
        }
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        Watch watch = new Watch(path, Calls.watcher(named, anything), anything);
        watches.add(watch);
        if (curator.getZookeeperClient().isConnected()) {
            arm(watch);
        }
    }

    /**
     * A watch lives as long as its session; whenever a connection comes up it may be a new one. Setting the same watch
     * twice in a session does nothing.
     */
    private void arm(Watch watch) {
        try {
            calls().watch(watch.path, watch.watcher, watch.signal);
        } catch (ConnectionLost e) {
            log.atDebug()
                    .setCause(e)
                    .addKeyValue("path", watch.path)
                    .log("watch not set; the connection is down again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onSession(Consumer<SessionState> listener) {
        listeners.add(listener);
    }

    @Override
    public long session() throws ConnectionLost, InterruptedException {
        return calls().handle().getSessionId();
    }

    @Override
    public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
        return calls().get(path);
    }

    @Override
    public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return calls().get(paths);
    }

    @Override
    public void sync() throws ConnectionLost, InterruptedException {
        calls().sync();
    }

    @Override
    public List<String> children(String path) throws ConnectionLost, InterruptedException {
        return calls().children(path);
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        calls().commit(ops);
    }

    @Override
    public boolean guarded() {
        return settings.guarded();
    }

    @Override
    public Map<String, EntryFacts> facts(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return new Survey(calls()).facts(paths);
    }

    @Override
    public Map<String, List<String>> children(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return new Survey(calls()).children(paths);
    }

    @Override
    public void closeRoot() throws ConnectionLost, InterruptedException {
        calls().closeRoot();
    }

    /** With the live handle; a new one after a session has expired. */
    private Calls calls() throws ConnectionLost, InterruptedException {
        try {
            return new Calls(peer, curator.getZookeeperClient().getZooKeeper(), wariness);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new ConnectionLost("no connection to " + peer + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        curator.close();
        settings.close();
    }
}
