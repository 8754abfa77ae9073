package dev.scc.cluster.controller;

import dev.scc.cluster.Event;
import dev.scc.cluster.controller.Journal.Note;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
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
    private final Misfits misfits;
    private final Journal journal = new Journal();
    /** The epoch whose beginning has been told. */
    private long told;

    /**
     * @param server the controller's
     * @param misfits is told what does not fit
     */
    Decisions(Tree tree, String server, Misfits misfits) {
        this.tree = tree;
        this.server = server;
        this.misfits = misfits;
    }

    /** Returns false if the operations do not fit what is in the tree now. */
    boolean commit(Term term, Instant now, List<Op> ops, List<Note> notes)
            throws Deposed, ConnectionLost, InterruptedException {
        List<Op> all = new ArrayList<>(ops);
        all.addAll(journal.entries(term, now, notes));
        boolean done = term.commit(tree, all, misfits::note);
        if (done) {
            notes.forEach(note -> log.atInfo()
                    .addKeyValue(note.kind().toString(), note.name())
                    .log(note.what()));
        }
        return done;
    }

    /** Tells once that a new term has begun, and forgets what is too long ago. Nobody waits for either. */
    void keepJournal(Term term, Instant now) throws Deposed, ConnectionLost, InterruptedException {
        if (told != term.epoch()) {
            commit(
                    term,
                    now,
                    List.of(),
                    List.of(new Note(Event.Kind.SERVER, server, "leads, in epoch " + term.epoch())));
            told = term.epoch();
        }
        List<Op> tooMany = journal.tooMany(tree);
        if (!tooMany.isEmpty()) {
            term.commit(tree, tooMany);
        }
    }
}
