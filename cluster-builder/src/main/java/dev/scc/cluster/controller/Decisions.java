package dev.scc.cluster.controller;

import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a controller has decided, together with the events that tell of it. */
final class Decisions {
    private static final Logger log = LoggerFactory.getLogger(Decisions.class);

    private final Tree tree;
    private final String server;
    private final RepeatedConflicts conflicts;
    private final Journal journal = new Journal();
    /** The epoch whose beginning has been told. */
    private long told;

    /**
     * @param server the controller's
     * @param conflicts is told what does not fit
     */
    Decisions(Tree tree, String server, RepeatedConflicts conflicts) {
        this.tree = tree;
        this.server = server;
        this.conflicts = conflicts;
    }

    /** Nothing becomes of changes that do not fit what is in the tree now. */
    void commit(Term term, Instant now, List<Change> changes, List<Happening> happenings)
            throws Deposed, ConnectionLost, InterruptedException {
        List<Change> all = new ArrayList<>(changes);
        all.addAll(journal.entries(term, now, happenings));
        if (term.commit(tree, all, conflicts::note)) {
            happenings.stream()
                    .map(happening -> new Event(now.toEpochMilli(), term.epoch(), happening))
                    .forEach(event -> log.atInfo()
                            .addKeyValue(event.kind().toString(), event.name())
                            .log(event.what()));
        }
    }

    /** Tells once that a new term has begun, and forgets what is too long ago. Nobody waits for either. */
    void keepJournal(Term term, Instant now) throws Deposed, ConnectionLost, InterruptedException {
        if (told != term.epoch()) {
            commit(term, now, List.of(), List.of(new Happening.TermBegun(server)));
            told = term.epoch();
        }
        term.commit(tree, journal.tooMany(tree));
    }
}
