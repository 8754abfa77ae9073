package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree's operations with one handle of ZooKeeper's client. None is ever retried in here: what may be repeated is the
 * caller's knowledge.
 */
record Calls(Peer peer, ZooKeeper handle) {
    private static final Logger log = LoggerFactory.getLogger(Calls.class);

    Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
        Stat stat = new Stat();
        try {
            return Optional.of(entry(handle.getData(path, false, stat), stat));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        } catch (KeeperException e) {
            throw lost("reading " + path, e);
        }
    }

    /** All reads are under way at once, several in a request: of thousands of entries, the requests cost more than the data. */
    Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
        List<List<String>> requests = requests(List.copyOf(paths));
        Map<String, Entry> found = new ConcurrentHashMap<>();
        AtomicReference<KeeperException.Code> trouble = new AtomicReference<>(KeeperException.Code.OK);
        CountDownLatch open = new CountDownLatch(requests.size());
        for (List<String> request : requests) {
            handle.multi(
                    request.stream().map(org.apache.zookeeper.Op::getData).toList(),
                    (rc, _, _, results) -> {
                        if (results == null || results.size() != request.size()) {
                            trouble.set(KeeperException.Code.get(rc));
                        } else {
                            for (int i = 0; i < request.size(); i++) {
                                note(request.get(i), results.get(i), found, trouble);
                            }
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

    private static List<List<String>> requests(List<String> paths) {
        return IntStream.iterate(0, from -> from < paths.size(), from -> from + Limits.READ_AT_ONCE)
                .mapToObj(from -> paths.subList(from, Math.min(paths.size(), from + Limits.READ_AT_ONCE)))
                .toList();
    }

    private static void note(
            String path, OpResult result, Map<String, Entry> found, AtomicReference<KeeperException.Code> trouble) {
        switch (result) {
            case OpResult.GetDataResult data -> found.put(path, entry(data.getData(), data.getStat()));
            case OpResult.ErrorResult error when error.getErr() == KeeperException.Code.NONODE.intValue() -> {}
            case OpResult.ErrorResult error -> trouble.set(KeeperException.Code.get(error.getErr()));
            default -> trouble.set(KeeperException.Code.MARSHALLINGERROR);
        }
    }

    /** Waits until the server that this session talks to has caught up with its leader. */
    void sync() throws ConnectionLost, InterruptedException {
        AtomicReference<KeeperException.Code> answer = new AtomicReference<>(KeeperException.Code.OK);
        CountDownLatch open = new CountDownLatch(1);
        handle.sync(
                "/",
                (rc, _, _) -> {
                    answer.set(KeeperException.Code.get(rc));
                    open.countDown();
                },
                null);
        open.await();
        if (answer.get() != KeeperException.Code.OK) {
            throw lost("catching up", KeeperException.create(answer.get()));
        }
    }

    List<String> children(String path) throws ConnectionLost, InterruptedException {
        try {
            return handle.getChildren(path, false).stream().sorted().toList();
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw lost("listing " + path, e);
        }
    }

    void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        try {
            handle.multi(ops.stream().map(Transactions::operation).toList());
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

    /** A watch on the path and all below it, for as long as the session lives. {@code signal} is called once it stands. */
    void watch(String at, Watcher watcher, Runnable signal) {
        handle.addWatch(
                at,
                watcher,
                AddWatchMode.PERSISTENT_RECURSIVE,
                (code, path, context) -> {
                    if (code != KeeperException.Code.OK.intValue()) {
                        log.atDebug()
                                .addKeyValue("path", path)
                                .addKeyValue("code", code)
                                .log("watch not set; the connection is down again");
                    }
                    // What changed before the watch stood was not signalled.
                    signal.run();
                },
                null);
    }

    /** What happens to the connection has no path. */
    static Watcher watcher(Consumer<String> named, Runnable anything) {
        return event -> {
            if (event.getType() == Watcher.Event.EventType.None || event.getPath() == null) {
                anything.run();
            } else {
                named.accept(event.getPath());
            }
        };
    }

    private static Entry entry(byte @org.jspecify.annotations.Nullable [] data, Stat stat) {
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return new Entry(text, stat.getVersion(), stat.getEphemeralOwner());
    }

    private ConnectionLost lost(String doing, KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT, NEWCONFIGNOQUORUM ->
                new ConnectionLost("connection to " + peer + " lost while " + doing, e);
            default -> throw new IllegalStateException(peer + " refuses " + doing + ": " + e.getMessage(), e);
        };
    }
}
