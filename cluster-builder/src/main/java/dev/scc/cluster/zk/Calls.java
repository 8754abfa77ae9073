package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree's operations with one handle of ZooKeeper's client. None is ever retried in here: what may be repeated is the
 * caller's knowledge.
 */
record Calls(Peer peer, ZooKeeper handle, Wariness wariness) {
    private static final Logger log = LoggerFactory.getLogger(Calls.class);

    Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
        Stat stat = new Stat();
        try {
            return Optional.of(entry(path, handle.getData(path, false, stat), stat));
        } catch (KeeperException.NoNodeException | KeeperException.NoAuthException e) {
            return Optional.empty();
        } catch (KeeperException e) {
            throw lost("reading " + path, e);
        }
    }

    /** All reads are under way at once, several in a request: of thousands of entries, the requests cost more than the data. */
    Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
        try {
            return read(paths);
        } catch (ConnectionLost e) {
            if (paths.size() > 1) {
                wariness.failed();
            }
            throw e;
        }
    }

    private Map<String, Entry> read(Collection<String> paths) throws ConnectionLost, InterruptedException {
        Map<String, Entry> found = new ConcurrentHashMap<>();
        List<Wanted> wanted =
                paths.stream().map(Wanted::at).sorted(Wanted.BY_GROUP).toList();
        Map<String, Integer> lengths = wariness.raised() ? lengths(wanted, found) : Map.of();
        List<List<String>> requests = requests(wanted, lengths);
        Answers answers = new Answers(requests.size());
        for (List<String> request : requests) {
            handle.multi(
                    request.stream().map(org.apache.zookeeper.Op::getData).toList(),
                    (rc, _, _, results) -> {
                        if (results == null || results.size() != request.size()) {
                            answers.trouble.set(KeeperException.Code.get(rc));
                        } else {
                            for (int i = 0; i < request.size(); i++) {
                                note(request.get(i), results.get(i), found, answers.trouble);
                            }
                        }
                        answers.open.countDown();
                    },
                    null);
        }
        await(answers, paths);
        return new TreeMap<>(found);
    }

    /** Replies that are waited for, and what was wrong with one of them. */
    private record Answers(CountDownLatch open, AtomicReference<KeeperException.Code> trouble) {
        Answers(int number) {
            this(new CountDownLatch(number), new AtomicReference<>(KeeperException.Code.OK));
        }
    }

    private void await(Answers answers, Collection<?> paths) throws ConnectionLost, InterruptedException {
        answers.open.await();
        if (answers.trouble.get() != KeeperException.Code.OK) {
            throw lost("reading " + paths.size() + " entries", KeeperException.create(answers.trouble.get()));
        }
    }

    /**
     * How many bytes each of those has that controllers do not write; what is not there is -1.
     *
     * @param found gets those that are larger than they may be
     */
    private Map<String, Integer> lengths(Collection<Wanted> wanted, Map<String, Entry> found)
            throws ConnectionLost, InterruptedException {
        List<Wanted> foreign = wanted.stream().filter(Wanted::foreign).toList();
        Map<String, Integer> lengths = new ConcurrentHashMap<>();
        Answers answers = new Answers(foreign.size());
        for (Wanted one : foreign) {
            String path = one.path();
            handle.exists(
                    path,
                    false,
                    (rc, _, _, stat) -> {
                        if (rc == KeeperException.Code.NONODE.intValue()) {
                            lengths.put(path, -1);
                        } else if (rc != KeeperException.Code.OK.intValue()) {
                            answers.trouble.set(KeeperException.Code.get(rc));
                        } else {
                            lengths.put(path, stat.getDataLength());
                            if (stat.getDataLength() > one.largest()) {
                                found.put(path, tooLarge(stat.getDataLength(), stat));
                            }
                        }
                        answers.open.countDown();
                    },
                    null);
        }
        await(answers, foreign);
        return lengths;
    }

    /**
     * Which entries are read in one request. Even if one of them is as large as the server takes, the reply can be received:
     * {@link Limits#LARGEST_REPLY}.
     */
    private static List<List<String>> requests(List<Wanted> wanted, Map<String, Integer> lengths) {
        List<List<String>> requests = new ArrayList<>();
        List<String> request = new ArrayList<>();
        int bytes = 0;
        String group = "";
        for (Wanted one : wanted) {
            int length = lengths.getOrDefault(one.path(), 0);
            if (length < 0 || length > one.largest()) {
                continue;
            }
            boolean other = !one.group().equals(group);
            if (!request.isEmpty()
                    && (other || request.size() >= one.atOnce() || bytes + length > Limits.BYTES_AT_ONCE)) {
                requests.add(request);
                request = new ArrayList<>();
                bytes = 0;
            }
            group = one.group();
            request.add(one.path());
            bytes += length;
        }
        if (!request.isEmpty()) {
            requests.add(request);
        }
        return requests;
    }

    private void note(
            String path, OpResult result, Map<String, Entry> found, AtomicReference<KeeperException.Code> trouble) {
        switch (result) {
            case OpResult.GetDataResult data -> found.put(path, entry(path, data.getData(), data.getStat()));
            case OpResult.ErrorResult error
            when error.getErr() == KeeperException.Code.NONODE.intValue()
                    || error.getErr() == KeeperException.Code.NOAUTH.intValue() -> {}
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
        } catch (KeeperException.NoNodeException | KeeperException.NoAuthException e) {
            return List.of();
        } catch (KeeperException e) {
            throw lost("listing " + path, e);
        }
    }

    void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        try {
            List<ACL> access = Transactions.access(ClientSettings.guarded(handle.getClientConfig()));
            handle.multi(
                    ops.stream().map(op -> Transactions.operation(op, access)).toList());
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

    /** What ZooKeeper makes by itself is open to everybody: from now on it is not, but for the addresses of servers. */
    void closeRoot() throws ConnectionLost, InterruptedException {
        // ZooKeeper asks whether it holds null, which lists that cannot refuse to answer.
        List<ACL> access = new ArrayList<>(Transactions.access(true));
        for (String path : List.of("/zookeeper/config", "/zookeeper/quota", "/zookeeper", "/")) {
            try {
                handle.setACL(path, access, -1);
            } catch (KeeperException.NoNodeException e) {
                log.atDebug().addKeyValue("path", path).log("not there");
            } catch (KeeperException e) {
                throw lost("closing " + path, e);
            }
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

    private Entry tooLarge(int bytes, Stat stat) {
        wariness.seen();
        return Entry.tooLarge(bytes, stat.getVersion(), stat.getEphemeralOwner());
    }

    private Entry entry(String path, byte @org.jspecify.annotations.Nullable [] data, Stat stat) {
        if (data != null && data.length > Wanted.at(path).largest()) {
            return tooLarge(data.length, stat);
        }
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return new Entry(text, stat.getVersion(), stat.getEphemeralOwner());
    }

    ConnectionLost lost(String doing, KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT, NEWCONFIGNOQUORUM ->
                new ConnectionLost("connection to " + peer + " lost while " + doing, e);
            default -> throw new IllegalStateException(peer + " refuses " + doing + ": " + e.getMessage(), e);
        };
    }
}
