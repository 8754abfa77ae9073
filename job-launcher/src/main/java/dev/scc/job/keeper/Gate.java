package dev.scc.job.keeper;

import dev.scc.cluster.rpc.RpcFailed;
import java.time.Duration;

/** Lets jobs in until it is closed, for good. */
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
                notifyAll();
            }
        }
    }

    /** Closes it unless there are jobs. Returns whether it is closed. */
    synchronized boolean closeIfEmpty() {
        closed |= inside == 0;
        return closed;
    }

    synchronized void close() {
        closed = true;
    }

    /** Waits until all that are inside have left, for no longer than that. */
    synchronized void awaitEmpty(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        for (long left = longest.toMillis();
                inside > 0 && left > 0;
                left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}
