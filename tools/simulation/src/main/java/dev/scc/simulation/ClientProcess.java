package dev.scc.simulation;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.host.Json;
import java.util.List;
import java.util.Optional;

/**
 * A client with one request: writes it under its id, unless it is there already, and waits for the outcome. The real one
 * blocks on its threads' own clock, so this is written anew, after the same rules.
 */
final class ClientProcess extends SimProcess {
    private static final long LOOK_AT_LEAST = Timeline.SECOND;

    private final SimTree tree;
    final String id;
    final Request request;
    private final long patience;

    ClientProcess(Simulation sim, String name, String id, Request request, long patience) {
        super(sim, name);
        this.id = id;
        this.request = request;
        this.patience = patience;
        this.tree = new SimTree(this);
        tree.watch(Paths.request(id), this::signal);
        start(this::live);
    }

    private void live() {
        long end = sim.timeline.now() + patience;
        boolean written = false;
        while (sim.timeline.now() < end) {
            takeSignal();
            try {
                written = written || write();
                if (written && done()) {
                    break;
                }
            } catch (ConnectionLost e) {
                sim.trace.mark(name, "no connection", "");
            }
            await(LOOK_AT_LEAST);
        }
        exit();
    }

    private boolean done() throws ConnectionLost {
        Optional<Outcome> outcome = tree.get(Paths.outcome(id)).map(entry -> Json.read(entry.text(), Outcome.class));
        if (outcome.isEmpty() || outcome.get() instanceof Outcome.InProgress) {
            return false;
        }
        sim.trace.mark(name, "is told", outcome.get());
        sim.promises.told(this, outcome.get());
        return true;
    }

    /** Returns whether it is known to be there. */
    private boolean write() throws ConnectionLost {
        String text = Json.write(request);
        try {
            tree.commit(List.of(new Op.Create(Paths.request(id), text)));
            return true;
        } catch (Conflict e) {
            if (e.why() == Conflict.Why.NOT_THERE) {
                return false;
            }
            Optional<Entry> there = tree.get(Paths.request(id));
            if (there.isPresent() && !there.get().text().equals(text)) {
                throw new BrokenPromise(
                        "P2", id + " is another request: " + there.get().text());
            }
            return there.isPresent();
        }
    }
}
