package dev.scc.cluster.controller;

import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Paths;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.JournalChange;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
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
    List<Change> entries(Term term, Instant now, List<Happening> happenings) {
        if (term.epoch() != epoch) {
            epoch = term.epoch();
            number = 0;
        }
        List<Change> changes = new ArrayList<>();
        for (Happening happening : happenings) {
            changes.add(new JournalChange.Tell(number++, new Event(now.toEpochMilli(), epoch, happening)));
            sinceTrim++;
        }
        return changes;
    }

    /** What removes the oldest events; empty if there are not too many. */
    List<Change> tooMany(Tree tree) throws ConnectionLost, InterruptedException {
        if (sinceTrim < SLACK) {
            return List.of();
        }
        sinceTrim = 0;
        List<String> names = tree.children(Paths.EVENTS);
        return names.subList(0, Math.max(0, names.size() - KEPT)).stream()
                .<Change>map(JournalChange.Forget::new)
                .toList();
    }
}
