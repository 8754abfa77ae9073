package dev.scc.simulation.zk;

import java.util.List;

/**
 * One that has been committed.
 *
 * @param zxid from 1, without gaps, in the order of all transactions
 * @param session that wanted it, or that ended with it
 * @param changes in the order in which they were made; a path may occur several times
 */
public record Transaction(long zxid, long session, List<Change> changes) {
    public Transaction {
        changes = List.copyOf(changes);
    }
}
