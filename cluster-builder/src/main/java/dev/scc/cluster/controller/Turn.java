package dev.scc.cluster.controller;

import dev.scc.cluster.tree.Op;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a cluster needs next. */
sealed interface Turn {

    /** The same, because of this. */
    default Turn blaming(Blame blame) {
        return this instanceof Commit commit ? new Commit(commit.event(), commit.ops(), Optional.of(blame)) : this;
    }

    /** Nothing now; look again after this long at the latest. */
    record Wait(Duration atMost) implements Turn {}

    /**
     * This transaction.
     *
     * @param event says in words what it means
     * @param blame what went wrong, and which nodes have failed; empty if nothing did
     */
    record Commit(String event, List<Op> ops, Optional<Blame> blame) implements Turn {
        public Commit {
            ops = List.copyOf(ops);
        }

        Commit(String event, List<Op> ops) {
            this(event, ops, Optional.empty());
        }
    }

    /** The result of its verification. */
    record Verify() implements Turn {}

    /** Its roster: without that the next step cannot be planned. */
    record Read() implements Turn {}
}
