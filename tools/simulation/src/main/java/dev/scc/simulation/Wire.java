package dev.scc.simulation;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.simulation.zk.SessionGone;
import dev.scc.simulation.zk.SimZooKeeper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process's way to ZooKeeper: its connection to one server, and its session. What Curator and ZooKeeper's own client do
 * in the process is done here: it looks for another server when the connection breaks, and for another session when the old
 * one has ended.
 */
final class Wire {
    /** How long a session outlives the last sign of life of its process, at most. */
    static final long SESSION = 6 * Timeline.SECOND;

    private static final long SESSION_AT_LEAST = 4 * Timeline.SECOND;

    private final SimProcess process;
    private final Simulation sim;
    private final SimZooKeeper zk;
    private final List<Watch> watches = new ArrayList<>();
    private final List<Consumer<SessionState>> listeners = new ArrayList<>();
    /** What waits for a cut to heal. */
    private final List<Runnable> stuck = new ArrayList<>();

    private Session session = Session.NONE;
    private boolean connected;
    /** Of this connection; one more whenever it breaks. */
    private int generation;

    private boolean cutTo;
    private boolean cutFrom;
    private int cuts;
    private long lastArrival;
    private long lastReply;
    private @Nullable Call call;
    /** What becomes of the next transaction. */
    Loss loseNext = Loss.NOTHING;

    /** What the connection takes with it when it breaks, at once or after the next transaction. */
    enum Loss {
        NOTHING,
        /** The transaction is executed, and its answer is lost. */
        ANSWER,
        /** The transaction itself is lost on its way. */
        REQUEST
    }

    private static final class Watch {
        final String path;
        final Runnable signal;
        /** The generation of the connection on which a signal is under way: several changes may make one. */
        int underWay = -1;

        Watch(String path, Runnable signal) {
            this.path = path;
            this.signal = signal;
        }
    }

    /** A session and how often it has been connected to a server: what was sent before the last time is refused. */
    private static final class Session {
        static final Session NONE = new Session(0);
        final long id;
        int connections;

        Session(long id) {
            this.id = id;
        }
    }

    /** What a server does for a session. */
    interface Request {
        /** Returns whether it is done; if not, the rest is done at another moment. */
        boolean perform(SimZooKeeper zk, long session) throws Conflict, SessionGone;

        /** For one that nobody waits for any more. */
        default List<Op> ops() {
            return List.of();
        }
    }

    private static final class Call {
        final Request request;
        final int generation;
        boolean arrived;
        boolean over;
        boolean lost;

        @Nullable
        Conflict conflict;

        Call(Request request, int generation) {
            this.request = request;
            this.generation = generation;
        }
    }

    Wire(SimProcess process) {
        this.process = process;
        this.sim = process.sim;
        this.zk = process.sim.zk;
    }

    long session() {
        return session.id;
    }

    boolean connected() {
        return connected;
    }

    void watch(String path, Runnable signal) {
        watches.add(new Watch(path, signal));
        if (connected) {
            arm(watches.getLast());
        }
    }

    void onSession(Consumer<SessionState> listener) {
        listeners.add(listener);
    }

    private void tell(SessionState state) {
        listeners.forEach(listener -> listener.accept(state));
    }

    // The connection.

    void connect(long after) {
        int mine = generation;
        process.later(after, () -> {
            if (mine == generation && !connected) {
                tryToConnect();
            }
        });
    }

    private void tryToConnect() {
        if (cutTo || cutFrom) {
            connect(sim.chance.between(200 * Timeline.MILLI, Timeline.SECOND));
            return;
        }
        int replica = sim.chance.below(sim.replicas);
        try {
            if (session == Session.NONE) {
                begin(replica);
            } else if (!zk.reconnect(session.id, replica)) {
                sim.tally.fault("server behind the session");
                connect(sim.chance.between(20 * Timeline.MILLI, 200 * Timeline.MILLI));
                return;
            }
        } catch (SessionGone e) {
            sim.tally.fault("session found expired");
            begin(replica);
        }
        connected = true;
        session.connections++;
        lastArrival = 0;
        lastReply = 0;
        sim.trace.mark(process.name, "connected", session.id);
        tell(SessionState.CONNECTED);
        // What changed meanwhile was not signalled.
        watches.forEach(watch -> watch.signal.run());
        process.signal();
    }

    private void begin(int replica) {
        session = new Session(zk.openSession(replica));
        sim.owners.put(session.id, process);
        watches.forEach(this::arm);
    }

    private void arm(Watch watch) {
        try {
            zk.watch(session.id, watch.path, () -> notified(watch));
        } catch (SessionGone e) {
            throw new IllegalStateException(e);
        }
    }

    /** It comes on the same way as the answers, in order with them: no answer tells of a change before its signal. */
    private void notified(Watch watch) {
        if (watch.underWay != generation && process.alive()) {
            watch.underWay = generation;
            int mine = generation;
            lastReply = Math.max(lastReply, sim.timeline.now() + sim.latency());
            sim.timeline.at(lastReply, () -> signal(watch, mine));
        }
    }

    private void signal(Watch watch, int mine) {
        if (mine != generation) {
            return;
        }
        if (cutFrom) {
            stuck.add(() -> signal(watch, mine));
            return;
        }
        process.deliver(() -> {
            if (mine == generation) {
                watch.underWay = -1;
                watch.signal.run();
            }
        });
    }

    /** The connection breaks, and both sides notice. */
    void disconnect(String why) {
        if (!connected) {
            return;
        }
        sim.trace.mark(process.name, "disconnected", why);
        connected = false;
        tell(SessionState.SUSPENDED);
        int mine = ++generation;
        stuck.clear();
        zk.disconnect(session.id);
        Call open = call;
        if (open != null && !open.over) {
            fail(open);
        }
        endUnlessBack();
        Session old = session;
        // What Curator does: after that long it takes the session for dead, whatever the ensemble thinks.
        process.later(SESSION, () -> {
            if (mine == generation && !connected && session == old) {
                sim.tally.fault("session given up by its client");
                session = Session.NONE;
                tell(SessionState.LOST);
            }
        });
        // Mostly other servers are there, and the next one is asked at once.
        connect(sim.chance.between(
                5 * Timeline.MILLI, sim.chance.oneIn(2) ? 100 * Timeline.MILLI : 2 * Timeline.SECOND));
    }

    private void fail(Call open) {
        open.over = true;
        open.lost = true;
        if (!open.arrived && !open.request.ops().isEmpty() && sim.chance.oneIn(3)) {
            // It is under way still. Once the session has moved to another server it is refused.
            Session old = session;
            int connections = old.connections;
            sim.tally.fault("request executed after its loss was told");
            sim.timeline.after(sim.chance.between(Timeline.MILLI, 3 * Timeline.SECOND), () -> {
                if (connections == old.connections) {
                    sim.trace.mark(process.name, "late", open.request.ops());
                    zk.commitUnanswered(old.id, open.request.ops());
                }
            });
        }
        process.later(sim.chance.between(0, Timeline.MILLI), process::resume);
    }

    private void endUnlessBack() {
        Session old = session;
        int connections = old.connections;
        sim.timeline.after(sim.chance.between(SESSION_AT_LEAST, SESSION), () -> {
            if (connections == old.connections) {
                end(old.id);
            }
        });
    }

    private void end(long old) {
        if (!zk.over(old)) {
            sim.tally.fault("session expired");
            sim.trace.mark(process.name, "expired", old);
            zk.end(old);
        }
    }

    /** The ensemble takes the session for dead now; the process learns of it from its server. */
    void expire() {
        if (session != Session.NONE && !zk.over(session.id)) {
            end(session.id);
            if (connected) {
                int mine = generation;
                process.later(sim.latency(), () -> {
                    if (mine == generation) {
                        disconnect("the session has expired");
                    }
                });
            }
        }
    }

    /** The process is dead: the ensemble learns nothing of that before it misses it. */
    void abandon() {
        if (session != Session.NONE) {
            long old = session.id;
            sim.timeline.after(sim.chance.between(SESSION_AT_LEAST, SESSION), () -> end(old));
            Call open = call;
            if (connected
                    && open != null
                    && !open.arrived
                    && !open.request.ops().isEmpty()
                    && !sim.chance.oneIn(4)) {
                sim.tally.fault("request executed after its process died");
                sim.timeline.after(sim.chance.between(Timeline.MILLI, 3 * Timeline.SECOND), () -> {
                    sim.trace.mark(process.name, "posthumous", open.request.ops());
                    zk.commitUnanswered(old, open.request.ops());
                });
            }
            if (connected) {
                zk.disconnect(old);
            }
        }
        connected = false;
        generation++;
    }

    /** The process ends in good order. */
    void close() {
        if (connected && !cutTo) {
            end(session.id);
        } else {
            abandon();
        }
        connected = false;
        generation++;
    }

    /** The process is stopped: it gives no sign of life. */
    void silent() {
        missed(SESSION_AT_LEAST, SESSION);
    }

    void heard() {
        cuts++;
        if (process.stopped() || cutTo || cutFrom) {
            missed(SESSION_AT_LEAST, SESSION);
        }
        if (session != Session.NONE && zk.over(session.id) && connected) {
            int mine = generation;
            process.later(sim.chance.between(0, 100 * Timeline.MILLI), () -> {
                if (mine == generation) {
                    disconnect("the session expired meanwhile");
                }
            });
        }
    }

    private void missed(long least, long most) {
        int mine = ++cuts;
        Session old = session;
        if (old != Session.NONE) {
            sim.timeline.after(sim.chance.between(least, most), () -> {
                if (mine == cuts && session == old) {
                    end(old.id);
                }
            });
        }
    }

    /** From now on nothing arrives, in one direction or both. */
    void cut(boolean to, boolean from) {
        cutTo |= to;
        cutFrom |= from;
        missed(cutTo ? SESSION_AT_LEAST : SESSION + 2 * Timeline.SECOND, SESSION * 2);
        int mine = generation;
        int same = cuts;
        // The client hears nothing for two thirds of its session's time.
        process.later(sim.chance.between(2 * Timeline.SECOND, SESSION_AT_LEAST), () -> {
            if (mine == generation && same == cuts) {
                disconnect("nothing is heard");
            }
        });
    }

    void heal() {
        if (!cutTo && !cutFrom) {
            return;
        }
        cutTo = false;
        cutFrom = false;
        heard();
        List<Runnable> all = List.copyOf(stuck);
        stuck.clear();
        all.forEach(what -> sim.timeline.after(sim.latency(), what));
        if (connected) {
            process.later(sim.latency(), process::signal);
        }
    }

    // Requests.

    /** Sends it and waits for the answer. */
    void call(String what, Request request) throws Conflict, ConnectionLost {
        process.point(request.ops().isEmpty() ? Point.Kind.SEND : Point.Kind.COMMIT, what);
        if (process.holdNext > 0 && !request.ops().isEmpty()) {
            long held = process.holdNext;
            process.holdNext = 0;
            sim.tally.fault("stopped with a transaction in hand");
            process.stopHere(held);
            if (sim.chance.oneIn(2)) {
                // Its client notices first that the session is over, and has another one when it is sent.
                process.sleep(sim.chance.between(100 * Timeline.MILLI, 4 * Timeline.SECOND));
            }
        }
        if (!connected) {
            process.sleep(sim.chance.between(10 * Timeline.MILLI, Timeline.SECOND));
            if (!connected) {
                throw new ConnectionLost("no connection", new IllegalStateException("simulated"));
            }
        }
        Call open = new Call(request, generation);
        call = open;
        lastArrival = Math.max(lastArrival, sim.timeline.now() + sim.latency());
        sim.timeline.at(lastArrival, () -> arrive(open));
        if (!request.ops().isEmpty()) {
            process.point(Point.Kind.SENT, what);
        }
        while (!open.over) {
            Coroutine.pause();
        }
        call = null;
        process.point(Point.Kind.ANSWER, what);
        if (open.lost) {
            throw new ConnectionLost("lost while " + what, new IllegalStateException("simulated"));
        }
        if (open.conflict != null) {
            throw open.conflict;
        }
    }

    private void arrive(Call open) {
        if (open.generation != generation) {
            return;
        }
        if (cutTo) {
            stuck.add(() -> arrive(open));
            return;
        }
        List<Op> ops = open.request.ops();
        if (loseNext != Loss.NOTHING && !ops.isEmpty()) {
            if (loseNext == Loss.ANSWER) {
                open.arrived = true;
                sim.tally.fault("answer to a transaction lost");
                zk.commitUnanswered(session.id, ops);
            } else {
                sim.tally.fault("transaction lost");
            }
            loseNext = Loss.NOTHING;
            sim.timeline.after(sim.latency(), () -> {
                if (open.generation == generation) {
                    disconnect("connection reset");
                }
            });
            return;
        }
        try {
            if (!open.request.perform(zk, session.id)) {
                sim.timeline.after(sim.chance.between(0, 2 * Timeline.MILLI), () -> arrive(open));
                return;
            }
        } catch (Conflict e) {
            open.conflict = e;
        } catch (SessionGone e) {
            process.later(sim.latency(), () -> {
                if (open.generation == generation) {
                    disconnect("the session is gone");
                }
            });
            return;
        }
        open.arrived = true;
        lastReply = Math.max(lastReply, sim.timeline.now() + sim.latency());
        sim.timeline.at(lastReply, () -> reply(open));
    }

    private void reply(Call open) {
        if (open.generation != generation) {
            return;
        }
        if (cutFrom) {
            stuck.add(() -> reply(open));
            return;
        }
        process.deliver(() -> {
            if (open.generation == generation && !open.over) {
                open.over = true;
                process.resume();
            }
        });
    }
}
