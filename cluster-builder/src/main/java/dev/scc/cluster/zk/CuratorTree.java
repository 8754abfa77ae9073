package dev.scc.cluster.zk;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree in ZooKeeper. Curator keeps the session: it finds a live server and opens a new session when the old one has
 * expired. Operations go straight to ZooKeeper and are never retried in here: what may be repeated is the caller's
 * knowledge.
 */
public final class CuratorTree implements Tree, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CuratorTree.class);

    private final CuratorFramework curator;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final List<Consumer<SessionState>> listeners = new CopyOnWriteArrayList<>();

    private record Watch(String path, Watcher watcher, Runnable signal) {}

    private CuratorTree(CuratorFramework curator) {
        this.curator = curator;
    }

    /**
     * Begins to connect and returns at once.
     *
     * @param hosts one or more {@code host:port}, with commas between them
     * @param session how long the session outlives its connection
     */
    public static CuratorTree open(String hosts, Duration session) {
        Limits.apply();
        CuratorFramework curator = CuratorFrameworkFactory.builder()
                .connectString(hosts)
                .sessionTimeoutMs(Math.toIntExact(session.toMillis()))
                .connectionTimeoutMs(Math.toIntExact(session.toMillis()))
                .retryPolicy(new RetryNTimes(0, 0))
                // The ensemble's own idea of its addresses may be out of reach from here.
                .ensembleTracker(false)
                .maxCloseWaitMs(500)
                .build();
        CuratorTree tree = new CuratorTree(curator);
        curator.getConnectionStateListenable().addListener((client, state) -> tree.changed(state));
        curator.start();
        return tree;
    }

    /** Waits for the connection. Returns false if it does not stand within {@code atMost}. */
    public boolean awaitConnected(Duration atMost) throws InterruptedException {
        return curator.blockUntilConnected(Math.toIntExact(atMost.toMillis()), TimeUnit.MILLISECONDS);
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
    public void watch(String path, Runnable signal) {
        Watch watch = new Watch(path, event -> signal.run(), signal);
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
            handle().addWatch(
                            watch.path,
                            watch.watcher,
                            AddWatchMode.PERSISTENT_RECURSIVE,
                            (code, path, context) -> {
                                if (code != KeeperException.Code.OK.intValue()) {
                                    log.atDebug()
                                            .addKeyValue("path", path)
                                            .addKeyValue("code", code)
                                            .log("watch not set; the connection is down again");
                                }
                                // What changed before the watch stood was not signalled.
                                watch.signal.run();
                            },
                            null);
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
        return handle().getSessionId();
    }

    @Override
    public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
        Stat stat = new Stat();
        try {
            return Optional.of(entry(handle().getData(path, false, stat), stat));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        } catch (KeeperException e) {
            throw lost("reading " + path, e);
        }
    }

    /** All reads are under way at once. */
    @Override
    public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
        Map<String, Entry> found = new ConcurrentHashMap<>();
        AtomicReference<KeeperException.Code> trouble = new AtomicReference<>(KeeperException.Code.OK);
        CountDownLatch open = new CountDownLatch(paths.size());
        ZooKeeper handle = handle();
        for (String path : paths) {
            handle.getData(
                    path,
                    false,
                    (int rc, String at, Object context, byte[] data, Stat stat) -> {
                        KeeperException.Code code = KeeperException.Code.get(rc);
                        if (code == KeeperException.Code.OK) {
                            found.put(at, entry(data, stat));
                        } else if (code != KeeperException.Code.NONODE) {
                            trouble.set(code);
                        }
                        open.countDown();
                    },
                    null);
        }
        open.await();
        if (trouble.get() != KeeperException.Code.OK) {
            throw lost("reading " + paths.size() + " entries", KeeperException.create(trouble.get()));
        }
        return new TreeMap<>(found);
    }

    @Override
    public List<String> children(String path) throws ConnectionLost, InterruptedException {
        try {
            return handle().getChildren(path, false).stream().sorted().toList();
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw lost("listing " + path, e);
        }
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        try {
            handle().multi(ops.stream().map(Transactions::operation).toList());
        } catch (KeeperException e) {
            List<OpResult> results = e.getResults();
            if (results != null) {
                for (int i = 0; i < results.size(); i++) {
                    Optional<Conflict.Why> why = Transactions.why(results.get(i));
                    if (why.isPresent()) {
                        throw new Conflict(i, ops.get(i), why.get());
                    }
                }
            }
            throw lost("a transaction of " + ops.size() + " operations", e);
        }
    }

    private static Entry entry(byte @org.jspecify.annotations.Nullable [] data, Stat stat) {
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return new Entry(text, stat.getVersion(), stat.getEphemeralOwner());
    }

    /** The live client; a new one after a session has expired. */
    private ZooKeeper handle() throws ConnectionLost, InterruptedException {
        try {
            return curator.getZookeeperClient().getZooKeeper();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new ConnectionLost("no connection to ZooKeeper: " + e.getMessage(), e);
        }
    }

    private static ConnectionLost lost(String doing, KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT, NEWCONFIGNOQUORUM ->
                new ConnectionLost("connection to ZooKeeper lost while " + doing, e);
            default -> throw new IllegalStateException("ZooKeeper refuses " + doing + ": " + e.getMessage(), e);
        };
    }

    /** Ends the session; its ephemeral entries go at once. */
    @Override
    public void close() {
        curator.close();
    }
}
