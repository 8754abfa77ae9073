package dev.scc.cluster.controller;

import dev.scc.cluster.Event;
import dev.scc.cluster.controller.Journal.Note;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.world.WorldReader;
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
    private final WorldReader worlds;
    private final Journal journal = new Journal();
    /** The epoch whose beginning has been told. */
    private long told;

    /**
     * @param server the controller's
     * @param misfits is told what does not fit
     * @param worlds is told what is written
     */
    Decisions(Tree tree, String server, Misfits misfits, WorldReader worlds) {
        this.tree = tree;
        this.server = server;
        this.misfits = misfits;
        this.worlds = worlds;
    }

    /** Returns false if the operations do not fit what is in the tree now. */
    boolean commit(Term term, Instant now, List<Op> ops, List<Note> notes)
            throws Deposed, ConnectionLost, InterruptedException {
        List<Op> all = new ArrayList<>(ops);
        all.addAll(journal.entries(term, now, notes));
        boolean done = commit(term, all);
        if (done) {
            worlds.written(all.stream().map(Op::path).toList());
            notes.forEach(note -> log.atInfo()
                    .addKeyValue(note.kind().toString(), note.name())
                    .log(note.what()));
        }
        return done;
    }

    private boolean commit(Term term, List<Op> ops) throws Deposed, ConnectionLost, InterruptedException {
        try {
            return term.commit(tree, ops, misfits::note);
        } catch (ConnectionLost e) {
            worlds.doubt();
            throw e;
        }
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
