package dev.scc.cluster.controller;

import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.FencedTransaction;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import java.util.List;
import java.util.function.Consumer;

/**
 * One controller's term of leadership. All that a controller ever writes goes through {@link #commit}, and so takes effect
 * only while the epoch is still its own.
 *
 * @param epoch fencing number, from 1
 * @param version of the entry that holds the epoch
 */
record Term(long epoch, int version) {

    /**
     * Commits the changes, if there are any, unless the epoch has changed. For what nobody waits for.
     *
     * @throws Deposed if the epoch is over
     */
    void commit(Tree tree, List<Change> changes) throws Deposed, ConnectionLost, InterruptedException {
        if (!changes.isEmpty()) {
            commit(tree, changes, _ -> {});
        }
    }

    /**
     * Commits the changes unless the epoch has changed.
     *
     * @param conflict is told what did not fit
     * @return false if they do not fit what is in the tree now: look again
     * @throws Deposed if the epoch is over
     */
    boolean commit(Tree tree, List<Change> changes, Consumer<Conflict> conflict)
            throws Deposed, ConnectionLost, InterruptedException {
        try {
            tree.commit(FencedTransaction.of(version, changes));
            return true;
        } catch (Conflict e) {
            if (e.index() == 0) {
                throw new Deposed(epoch);
            }
            conflict.accept(e);
            return false;
        }
    }
}
