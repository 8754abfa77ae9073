package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;

/** Something on the node that must end before the cluster's networks may go, such as its jobs. */
@FunctionalInterface
public interface LeaveHook {

    /**
     * Ends all that belongs to the cluster on this node; returns when it has ended. Called again until it succeeds.
     *
     * @throws CannotLeave if something does not end; the message names it
     */
    void leave(ClusterName cluster) throws CannotLeave, InterruptedException;

    /** Something of a cluster did not end. */
    final class CannotLeave extends Exception {
        private static final long serialVersionUID = 1L;

        public CannotLeave(String message) {
            super(message);
        }
    }
}
