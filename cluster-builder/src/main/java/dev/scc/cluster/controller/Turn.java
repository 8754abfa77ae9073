package dev.scc.cluster.controller;

import dev.scc.cluster.tree.Op;
import java.time.Duration;
import java.util.List;

/** What a cluster needs next. */
sealed interface Turn {

    /** Nothing now; look again after this long at the latest. */
    record Wait(Duration atMost) implements Turn {}

    /** This transaction. {@code event} says in words what it means. */
    record Commit(String event, List<Op> ops) implements Turn {
        public Commit {
            ops = List.copyOf(ops);
        }
    }

    /** The result of its verification. */
    record Verify() implements Turn {}

    /** Its roster: without that the next step cannot be planned. */
    record Read() implements Turn {}
}
