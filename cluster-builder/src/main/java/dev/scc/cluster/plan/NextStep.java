package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.change.Change;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a cluster needs next. */
public sealed interface NextStep {

    /** The same, because of this. */
    default NextStep blaming(Blame blame) {
        return this instanceof Commit commit ? new Commit(commit.move(), commit.changes(), Optional.of(blame)) : this;
    }

    /** Nothing now; look again after this long at the latest. */
    record Wait(Duration atMost) implements NextStep {}

    /**
     * These changes, together.
     *
     * @param move what they mean for the cluster
     * @param blame what went wrong, and which nodes have failed; empty if nothing did
     */
    record Commit(ClusterMove move, List<Change> changes, Optional<Blame> blame) implements NextStep {
        public Commit {
            changes = List.copyOf(changes);
        }

        Commit(ClusterMove move, List<Change> changes) {
            this(move, changes, Optional.empty());
        }
    }

    /** The result of its verification. */
    record Verify() implements NextStep {}

    /** Its roster: without that the next step cannot be planned. */
    record Read() implements NextStep {}
}
