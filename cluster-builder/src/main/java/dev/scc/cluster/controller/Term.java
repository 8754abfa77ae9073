package dev.scc.cluster.controller;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import java.util.ArrayList;
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
     * Commits the operations unless the epoch has changed.
     *
     * @return false if they do not fit what is in the tree now: look again
     * @throws Deposed if the epoch is over
     */
    boolean commit(Tree tree, List<Op> ops) throws Deposed, ConnectionLost, InterruptedException {
        return commit(tree, ops, _ -> {});
    }

    /**
     * The same.
     *
     * @param misfit is told what did not fit
     */
    boolean commit(Tree tree, List<Op> ops, Consumer<Conflict> misfit)
            throws Deposed, ConnectionLost, InterruptedException {
        List<Op> fenced = new ArrayList<>(ops.size() + 1);
        fenced.add(new Op.Check(Paths.EPOCH, version));
        fenced.addAll(ops);
        try {
            tree.commit(fenced);
            return true;
        } catch (Conflict e) {
            if (e.index() == 0) {
                throw new Deposed(epoch);
            }
            misfit.accept(e);
            return false;
        }
    }
}
