package dev.scc.simulation.zk;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An ensemble in memory. It has no thread, no clock and no chance of its own: whoever calls it decides what happens when, and
 * which replica is how far behind.
 *
 * <p>All transactions have one order. Each replica has applied a beginning of it. A session is connected to one replica and
 * reads there, so it may read what is not true any more; what it writes is judged by what is newest. After a write, and
 * after a session's beginning, its replica has caught up.
 *
 * <p>Not here: limits of size, access control (whoever calls sees to that), quotas, the entries below {@code /zookeeper}.
 *
 * <p>Not safe for use by several threads. Signals and observers are called while a method runs, after all of its changes
 * are made; they must not call methods that change something.
 */
public final class SimZooKeeper {
    private static final class Replica {
        final Entries entries = new Entries();
        final Deque<Transaction> pending = new ArrayDeque<>();
        long applied;
    }

    private final Entries newest = new Entries();
    private final List<Replica> replicas = new ArrayList<>();
    private final Map<Long, Session> sessions = new TreeMap<>();
    private final List<Consumer<Transaction>> observers = new ArrayList<>();
    private long lastSession;
    private long zxid;

    /** @param replicas how many, 1 or more; they are numbered from 0 */
    public SimZooKeeper(int replicas) {
        if (replicas < 1) {
            throw new IllegalArgumentException("replicas: " + replicas);
        }
        for (int i = 0; i < replicas; i++) {
            this.replicas.add(new Replica());
        }
    }

    // What clients do.

    /** A new session, connected to this replica, which catches up with everything: the beginning of a session is a transaction. */
    public long openSession(int replica) {
        Session session = new Session(++lastSession, replica);
        sessions.put(session.id, session);
        answer(session);
        return session.id;
    }

    /** The session ends, by its client's wish or because the ensemble has not heard of it for too long. Once is enough. */
    public void end(long id) {
        Session session = session(id);
        if (session.over()) {
            return;
        }
        session.ended = zxid + 1;
        List<Change> changes = new ArrayList<>();
        for (String path : session.ephemerals) {
            Change change = new Change(path, Optional.ofNullable(newest.get(path)), Optional.empty());
            newest.apply(change);
            changes.add(change);
        }
        session.ephemerals.clear();
        session.watches.clear();
        log(id, changes);
    }

    /** The connection breaks. The session lives on, and gets no signals. */
    public void disconnect(long id) {
        session(id).replica = Session.NOWHERE;
    }

    /**
     * The client looks for another connection. If it gets one, its watches stand again; they are not told what they have
     * missed.
     *
     * @return false if the replica is behind what the session has seen: nothing has changed
     * @throws SessionGone if the session has ended; the client learns of it now
     */
    public boolean reconnect(long id, int replica) throws SessionGone {
        Session session = session(id);
        Replica there = replicas.get(replica);
        if (session.over()) {
            throw new SessionGone(id);
        }
        if (there.applied < session.seen) {
            return false;
        }
        session.replica = replica;
        return true;
    }

    /** From its replica. The end of a session is known there only when it has been applied there. */
    public Optional<Entry> get(long id, String path) throws SessionGone {
        return Optional.ofNullable(reading(id, path).entries.get(path));
    }

    /** Names right below the path, sorted, from its replica; empty if nothing stands there. */
    public List<String> children(long id, String path) throws SessionGone {
        return reading(id, path).entries.children(path);
    }

    /**
     * All of the operations, or none, judged by the newest state. Afterwards the session's replica has caught up, also when
     * they did not fit.
     *
     * @throws IllegalStateException if ZooKeeper refuses an operation for a reason that is no conflict
     */
    public void commit(long id, List<Op> ops) throws Conflict, SessionGone {
        Session session = connected(id);
        if (session.over()) {
            throw new SessionGone(id);
        }
        try {
            write(session, ops);
        } finally {
            answer(session);
        }
    }

    /**
     * As {@link #commit}, but the answer never arrives: the session has not seen what came of it, and its replica need not
     * know of it either. Does nothing for a session that is over. The session need not be connected: the request may have been
     * under way.
     */
    public void commitUnanswered(long id, List<Op> ops) {
        Session session = session(id);
        if (session.over()) {
            return;
        }
        try {
            write(session, ops);
        } catch (Conflict | IllegalStateException e) {
            // Nobody is told.
        }
    }

    /**
     * From now on {@code signal} is called when the session's replica applies changes at the path or below it: once for
     * each transaction, with the paths of its changes there, in their order.
     */
    public void watch(long id, String path, Consumer<List<String>> signal) throws SessionGone {
        check(path);
        Session session = session(id);
        if (session.over()) {
            throw new SessionGone(id);
        }
        session.watches.add(new Session.Watch(path, signal));
    }

    // What happens in the ensemble.

    /** The replica applies up to so many more transactions. */
    public void catchUp(int replica, int transactions) {
        Replica there = replicas.get(replica);
        for (int i = 0; i < transactions; i++) {
            Transaction next = there.pending.poll();
            if (next == null) {
                break;
            }
            next.changes().forEach(there.entries::apply);
            there.applied = next.zxid();
            signal(replica, next);
        }
    }

    /** How many transactions the replica has not applied yet. */
    public int behind(int replica) {
        return replicas.get(replica).pending.size();
    }

    /** What a backup has: all that does not belong to a session. */
    public NavigableMap<String, Entry> backup() {
        NavigableMap<String, Entry> kept = new TreeMap<>(newest.view());
        kept.values().removeIf(entry -> entry.owner() != 0);
        return kept;
    }

    /** All servers start anew with these data, which may be older than what has been told to clients. All sessions are over. */
    public void restore(Map<String, Entry> backup) {
        zxid++;
        newest.replace(backup);
        for (Replica replica : replicas) {
            replica.entries.replace(backup);
            replica.pending.clear();
            replica.applied = zxid;
        }
        for (Session session : sessions.values()) {
            if (!session.over()) {
                session.ended = zxid;
                session.ephemerals.clear();
                session.watches.clear();
            }
        }
    }

    // What an onlooker sees.

    /** The replica that the session is connected to; empty if none. */
    public Optional<Integer> replica(long id) {
        int replica = session(id).replica;
        return replica == Session.NOWHERE ? Optional.empty() : Optional.of(replica);
    }

    /** Whether the session has ended, whether its client knows or not. */
    public boolean over(long id) {
        return session(id).over();
    }

    /** All entries but the root, as they are after the last transaction, sorted by path. A view: it changes with the tree. */
    public NavigableMap<String, Entry> newest() {
        return newest.view();
    }

    /** Number of the newest transaction, which is how many have been committed, ends of sessions included. */
    public long zxid() {
        return zxid;
    }

    /** {@code observer} is told of each transaction when it is committed, before any replica has applied it. */
    public void observe(Consumer<Transaction> observer) {
        observers.add(observer);
    }

    private void write(Session session, List<Op> ops) throws Conflict {
        ops.forEach(op -> check(op.path()));
        List<Change> changes = Judge.commit(newest, session.id, ops);
        for (Change change : changes) {
            change.before().ifPresent(entry -> owned(entry).remove(change.path()));
            change.after().ifPresent(entry -> owned(entry).add(change.path()));
        }
        log(session.id, changes);
    }

    /** The paths that go with this entry's owner. */
    private java.util.Set<String> owned(Entry entry) {
        Session owner = sessions.get(entry.owner());
        return owner == null ? new java.util.HashSet<>() : owner.ephemerals;
    }

    private void log(long session, List<Change> changes) {
        Transaction transaction = new Transaction(++zxid, session, changes);
        replicas.forEach(replica -> replica.pending.add(transaction));
        observers.forEach(observer -> observer.accept(transaction));
    }

    /** From now on the session reads at least what had been written before. */
    public void sync(long id) throws SessionGone {
        answer(session(id));
    }

    /** The answer to a write comes from the session's replica after it has applied everything before it. */
    private void answer(Session session) {
        catchUp(session.replica, Integer.MAX_VALUE);
        session.seen = zxid;
    }

    private void signal(int replica, Transaction transaction) {
        List<Runnable> signals = new ArrayList<>();
        for (Session session : sessions.values()) {
            if (session.replica == replica) {
                for (Session.Watch watch : session.watches) {
                    List<String> changed = transaction.changes().stream()
                            .map(Change::path)
                            .filter(watch::covers)
                            .toList();
                    if (!changed.isEmpty()) {
                        signals.add(() -> watch.signal().accept(changed));
                    }
                }
            }
        }
        signals.forEach(Runnable::run);
    }

    private Replica reading(long id, String path) throws SessionGone {
        check(path);
        Session session = connected(id);
        Replica replica = replicas.get(session.replica);
        if (session.ended <= replica.applied) {
            throw new SessionGone(id);
        }
        session.seen = Math.max(session.seen, replica.applied);
        return replica;
    }

    private Session connected(long id) {
        Session session = session(id);
        if (session.replica == Session.NOWHERE) {
            throw new IllegalArgumentException("session " + id + " is not connected");
        }
        return session;
    }

    private Session session(long id) {
        Session session = sessions.get(id);
        if (session == null) {
            throw new IllegalArgumentException("there has never been a session " + id);
        }
        return session;
    }

    private static void check(String path) {
        if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/")) || path.contains("//")) {
            throw new IllegalArgumentException("path: " + path);
        }
    }
}
