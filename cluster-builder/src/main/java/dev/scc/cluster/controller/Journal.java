package dev.scc.cluster.controller;

import dev.scc.cluster.Event;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Names the entries of a controller's events. An event is written in the transaction that it tells of, so that neither is
 * ever there without the other. Numbers are used once: an event whose transaction was lost leaves a gap.
 */
final class Journal {
    /** Older events than the latest of these go. */
    private static final int KEPT = 512;

    /** How many may be there too many before they go, so that not each event costs a transaction. */
    private static final int SLACK = 64;

    private long epoch;
    private int number;
    private int sinceTrim = SLACK;

    /** What writes the events, for a transaction of this term. */
    List<Op> entries(Term term, Instant now, List<Note> notes) {
        if (term.epoch() != epoch) {
            epoch = term.epoch();
            number = 0;
        }
        List<Op> ops = new ArrayList<>();
        for (Note note : notes) {
            Event event = new Event(now.toEpochMilli(), epoch, note.kind(), note.name(), note.what());
            ops.add(new Op.Create(Paths.event(epoch, number++), Json.write(event)));
            sinceTrim++;
        }
        return ops;
    }

    /** Something to tell of. */
    record Note(Event.Kind kind, String name, String what) {}

    /** What removes the oldest events; empty if there are not too many. */
    List<Op> tooMany(Tree tree) throws ConnectionLost, InterruptedException {
        if (sinceTrim < SLACK) {
            return List.of();
        }
        sinceTrim = 0;
        List<String> names = tree.children(Paths.EVENTS);
        return names.subList(0, Math.max(0, names.size() - KEPT)).stream()
                .<Op>map(name -> new Op.Delete(Paths.EVENTS + "/" + name, Op.ANY))
                .toList();
    }
}
