package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.EntryFacts;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree over nothing but ZooKeeper's own client: one socket and that client's two threads, where {@link CuratorTree} has
 * several more. For processes with thousands of sessions. ZooKeeper's client finds a live server again by itself; a session
 * that has expired is replaced by a new one in here.
 */
final class PlainTree implements ZooKeeperTree {
    private static final Logger log = LoggerFactory.getLogger(PlainTree.class);

    private final Peer peer;
    private final Duration session;
    private final ClientSettings settings;
    private final Wariness wariness = new Wariness(System::nanoTime);
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final List<Consumer<SessionState>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition connects = lock.newCondition();
    private Optional<ZooKeeper> handle = Optional.empty();
    private boolean connected;
    /** Counts what happened to the connection, so that a late timer sees that it is late. */
    private long changes;

    private boolean closed;

    private record Watch(String path, Watcher watcher, Runnable signal) {}

    private PlainTree(Peer peer, Duration session, ClientSettings settings) {
        this.peer = peer;
        this.session = session;
        this.settings = settings;
    }

    static PlainTree open(Peer peer, Duration session, ClientSettings settings) {
        PlainTree tree = new PlainTree(peer, session, settings);
        try {
            tree.handle();
        } catch (ConnectionLost e) {
            log.atDebug().setCause(e).log("trying again with the first operation");
        }
        return tree;
    }

    @Override
    public boolean awaitConnected(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = atMost.toNanos();
            while (!connected && !closed && nanos > 0) {
                nanos = connects.awaitNanos(nanos);
            }
            return connected;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean connected() {
        lock.lock();
        try {
            return connected;
        } finally {
            lock.unlock();
        }
    }

    /** The live handle; a new one if the session of the old one has expired. */
    private ZooKeeper handle() throws ConnectionLost {
        lock.lock();
        try {
            if (closed) {
                throw new ConnectionLost("this side has closed its session", new IllegalStateException());
            }
            if (handle.isPresent() && handle.get().getState().isAlive()) {
                return handle.get();
            }
            if (handle.isPresent()) {
                // Before the new session can tell anything, whoever noticed it.
                connected = false;
                changes++;
                tell(SessionState.LOST);
            }
            // The first event may come before the constructor returns; it then waits for this lock.
            Session watcher = new Session();
            ZooKeeper next =
                    new ZooKeeper(peer.address(), Math.toIntExact(session.toMillis()), watcher, settings.config());
            watcher.of = Optional.of(next);
            handle = Optional.of(next);
            return next;
        } catch (IOException e) {
            throw new ConnectionLost("no connection to " + peer + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /** What one handle tells of its session. */
    private final class Session implements Watcher {
        private Optional<ZooKeeper> of = Optional.empty();

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                return;
            }
            switch (event.getState()) {
                case SyncConnected -> changed(SessionState.CONNECTED);
                case Disconnected -> changed(SessionState.SUSPENDED);
                case Expired -> renew();
                default -> {}
            }
        }

        private void changed(SessionState now) {
            long change;
            lock.lock();
            try {
                if (closed || !handle.equals(of)) {
                    return;
                }
                connected = now == SessionState.CONNECTED;
                change = ++changes;
                connects.signalAll();
            } finally {
                lock.unlock();
            }
            switch (now) {
                case CONNECTED -> {
                    // A watch lives as long as its session, and this may be another one. Twice does nothing.
                    watches.forEach(watch -> arm(of.orElseThrow(), watch));
                    watches.forEach(watch -> watch.signal.run());
                }
                // Nobody tells that a session has ended while there is no connection, so the time tells.
                case SUSPENDED ->
                    CompletableFuture.delayedExecutor(session.toMillis(), TimeUnit.MILLISECONDS)
                            .execute(() -> lostUnless(change));
                case LOST -> {}
            }
            tell(now);
        }
    }

    private void lostUnless(long change) {
        lock.lock();
        try {
            if (closed || changes != change) {
                return;
            }
        } finally {
            lock.unlock();
        }
        tell(SessionState.LOST);
    }

    private void renew() {
        try {
            handle();
        } catch (ConnectionLost e) {
            log.atDebug().setCause(e).log("no new session yet; trying again with the next operation");
        }
    }

    private void tell(SessionState now) {
        log.atDebug().addKeyValue("state", now).log("connection to ZooKeeper changed");
        listeners.forEach(listener -> listener.accept(now));
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        Watch watch = new Watch(path, Calls.watcher(named, anything), anything);
        Optional<ZooKeeper> now;
        lock.lock();
        try {
            watches.add(watch);
            now = handle.filter(_ -> connected);
        } finally {
            lock.unlock();
        }
        now.ifPresent(live -> arm(live, watch));
    }

    private void arm(ZooKeeper handle, Watch watch) {
        new Calls(peer, handle, wariness).watch(watch.path, watch.watcher, watch.signal);
    }

    @Override
    public void onSession(Consumer<SessionState> listener) {
        listeners.add(listener);
    }

    @Override
    public long session() throws ConnectionLost {
        return handle().getSessionId();
    }

    @Override
    public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
        return new Calls(peer, handle(), wariness).get(path);
    }

    @Override
    public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return new Calls(peer, handle(), wariness).get(paths);
    }

    @Override
    public void sync() throws ConnectionLost, InterruptedException {
        new Calls(peer, handle(), wariness).sync();
    }

    @Override
    public List<String> children(String path) throws ConnectionLost, InterruptedException {
        return new Calls(peer, handle(), wariness).children(path);
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        new Calls(peer, handle(), wariness).commit(ops);
    }

    @Override
    public boolean guarded() {
        return settings.guarded();
    }

    @Override
    public Map<String, EntryFacts> facts(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return new Survey(new Calls(peer, handle(), wariness)).facts(paths);
    }

    @Override
    public Map<String, List<String>> children(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return new Survey(new Calls(peer, handle(), wariness)).children(paths);
    }

    @Override
    public void closeRoot() throws ConnectionLost, InterruptedException {
        new Calls(peer, handle(), wariness).closeRoot();
    }

    @Override
    public void close() {
        Optional<ZooKeeper> last;
        lock.lock();
        try {
            closed = true;
            connected = false;
            last = handle;
            connects.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (last.isPresent()) {
                last.get().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            settings.close();
        }
    }
}
