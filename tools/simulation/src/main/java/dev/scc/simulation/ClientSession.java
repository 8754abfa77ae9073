package dev.scc.simulation;

import dev.scc.cluster.tree.Op;
import java.util.List;

/** One session of a process, from when it is opened until the ensemble has not heard of it for too long. */
final class ClientSession {
    /** How long a session outlives the last sign of life of its process, at most. */
    static final long MOST = 6 * Timeline.SECOND;

    static final long LEAST = 4 * Timeline.SECOND;

    private final SimProcess process;
    private final Simulation sim;
    final long id;
    /** How often it has been connected to a server: what was sent before the last time is refused. */
    private int connections;

    /** @param id 0 if there is none */
    ClientSession(SimProcess process, long id) {
        this.process = process;
        this.sim = process.sim;
        this.id = id;
    }

    boolean exists() {
        return id != 0;
    }

    boolean over() {
        return exists() && sim.zk.over(id);
    }

    void connected() {
        connections++;
    }

    void end() {
        if (!over()) {
            sim.tally.fault("session expired");
            sim.trace.mark(process.name, "expired", id);
            sim.zk.end(id);
        }
    }

    /** Some time after the last sign of life. */
    void endLater() {
        sim.timeline.after(sim.chance.between(LEAST, MOST), this::end);
    }

    void endUnlessBack() {
        int now = connections;
        sim.timeline.after(sim.chance.between(LEAST, MOST), () -> {
            if (now == connections) {
                end();
            }
        });
    }

    /** The loss of this has been told. It may be under way still; once the session has moved to another server it is refused. */
    void perhapsLate(List<Op> ops) {
        if (!sim.chance.oneIn(3)) {
            return;
        }
        int now = connections;
        sim.tally.fault("request executed after its loss was told");
        sim.timeline.after(sim.chance.between(Timeline.MILLI, 3 * Timeline.SECOND), () -> {
            if (now == connections) {
                sim.trace.mark(process.name, "late", ops);
                sim.zk.commitUnanswered(id, ops);
            }
        });
    }

    /** The process that has sent this is dead. */
    void perhapsPosthumous(List<Op> ops) {
        if (sim.chance.oneIn(4)) {
            return;
        }
        sim.tally.fault("request executed after its process died");
        sim.timeline.after(sim.chance.between(Timeline.MILLI, 3 * Timeline.SECOND), () -> {
            sim.trace.mark(process.name, "posthumous", ops);
            sim.zk.commitUnanswered(id, ops);
        });
    }
}
