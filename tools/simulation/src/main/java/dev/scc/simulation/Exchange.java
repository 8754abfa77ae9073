package dev.scc.simulation;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.simulation.zk.SessionGone;
import dev.scc.simulation.zk.SimZooKeeper;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process's requests to ZooKeeper: one at a time goes up its {@link Wire}, and the process waits for the answer. */
final class Exchange {
    private final SimProcess process;
    private final Simulation sim;
    private final SimZooKeeper zk;
    private final Wire wire;
    private @Nullable Call call;
    /** What becomes of the next transaction. */
    Loss loseNext = Loss.NOTHING;

    /** What the connection takes with it when it breaks at the next transaction. */
    enum Loss {
        NOTHING,
        /** The transaction is executed, and its answer is lost. */
        ANSWER,
        /** The transaction itself is lost on its way. */
        REQUEST
    }

    /** What a server does for a session. */
    interface Request {
        /** Returns whether it is done; if not, the rest is done at another moment. */
        boolean perform(SimZooKeeper zk, long session) throws Conflict, SessionGone;

        /** For one that nobody waits for any more. */
        default List<Op> ops() {
            return List.of();
        }

        /** Whether its answer is told by the thread that tells of events, after those that came before it. */
        default boolean afterEvents() {
            return false;
        }
    }

    private static final class Call {
        final Request request;
        boolean arrived;
        boolean over;
        boolean lost;

        @Nullable
        Conflict conflict;

        Call(Request request) {
            this.request = request;
        }
    }

    Exchange(SimProcess process, Wire wire) {
        this.process = process;
        this.sim = process.sim;
        this.zk = process.sim.zk;
        this.wire = wire;
    }

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
        if (!wire.connected()) {
            process.sleep(sim.chance.between(10 * Timeline.MILLI, Timeline.SECOND));
            if (!wire.connected()) {
                throw new ConnectionLost("no connection", new IllegalStateException("simulated"));
            }
        }
        Call open = new Call(request);
        call = open;
        wire.up.send(() -> arrive(open));
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
        if (loseNext != Loss.NOTHING && !open.request.ops().isEmpty()) {
            lose(open);
            return;
        }
        try {
            if (!open.request.perform(zk, wire.session())) {
                wire.whileConnected(sim.chance.between(0, 2 * Timeline.MILLI), () -> arrive(open));
                return;
            }
        } catch (Conflict e) {
            open.conflict = e;
        } catch (SessionGone e) {
            wire.breaks("the session is gone");
            return;
        }
        open.arrived = true;
        wire.down.send(() -> {
            if (open.request.afterEvents()) {
                wire.events.send(() -> answered(open));
            } else {
                answered(open);
            }
        });
    }

    private void answered(Call open) {
        if (!open.over) {
            open.over = true;
            process.resume();
        }
    }

    private void lose(Call open) {
        if (loseNext == Loss.ANSWER) {
            open.arrived = true;
            sim.tally.fault("answer to a transaction lost");
            zk.commitUnanswered(wire.session(), open.request.ops());
        } else {
            sim.tally.fault("transaction lost");
        }
        loseNext = Loss.NOTHING;
        wire.whileConnected(sim.latency(), () -> wire.disconnect("connection reset"));
    }

    /** The connection has broken. Returns what is under way to the servers still, if it is a transaction. */
    Optional<List<Op>> disconnected() {
        Call open = call;
        if (open == null || open.over) {
            return Optional.empty();
        }
        open.over = true;
        open.lost = true;
        process.later(sim.chance.between(0, Timeline.MILLI), process::resume);
        return underWay(open);
    }

    /** The process is dead. Returns what is under way to the servers still, if it is a transaction. */
    Optional<List<Op>> abandoned() {
        return Optional.ofNullable(call).flatMap(Exchange::underWay);
    }

    private static Optional<List<Op>> underWay(Call open) {
        return Optional.of(open.request.ops()).filter(ops -> !open.arrived && !ops.isEmpty());
    }
}
