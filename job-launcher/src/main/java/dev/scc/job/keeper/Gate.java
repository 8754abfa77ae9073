package dev.scc.job.keeper;

import dev.scc.cluster.rpc.RpcFailed;

/** Lets jobs in until it is closed, for good, and that it can be only while there is none. */
final class Gate {
    private int inside;
    private boolean closed;

    /** What to do with a job. */
    @FunctionalInterface
    interface Work {
        void run() throws RpcFailed, InterruptedException;
    }

    void pass(Work work) throws RpcFailed, InterruptedException {
        synchronized (this) {
            if (closed) {
                throw new RpcFailed(
                        RpcFailed.Kind.BUSY, "the keeper of jobs on this node makes way for another; try again");
            }
            inside++;
        }
        try {
            work.run();
        } finally {
            synchronized (this) {
                inside--;
            }
        }
    }

    /** Returns whether it is closed. */
    synchronized boolean closeIfEmpty() {
        closed |= inside == 0;
        return closed;
    }
}
