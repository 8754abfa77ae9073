package dev.scc.job.keeper;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Lets jobs in, and parts of jobs, until it is closed for good. */
final class Gate {
    private final Map<NodeName, Integer> inside = new HashMap<>();
    private boolean closed;

    /** What to do with a job. */
    @FunctionalInterface
    interface Work {
        void run() throws RpcFailed, InterruptedException;
    }

    /** Does it for that node, unless the gate is closed. */
    void pass(NodeName node, Work work) throws RpcFailed, InterruptedException {
        enter(node);
        try {
            work.run();
        } finally {
            leave(node);
        }
    }

    /** Something comes in for that node, which {@link #leave leaves} later. */
    synchronized void enter(NodeName node) throws RpcFailed {
        if (closed) {
            throw new RpcFailed(
                    RpcFailed.Kind.BUSY, "the keeper of jobs on node " + node + " makes way for another; try again");
        }
        inside.merge(node, 1, Integer::sum);
    }

    synchronized void leave(NodeName node) {
        inside.compute(node, (_, count) -> count == null || count == 1 ? null : count - 1);
        notifyAll();
    }

    /** Closes it unless something is inside. Returns whether it is closed. */
    synchronized boolean closeIfEmpty() {
        closed |= inside.isEmpty();
        return closed;
    }

    synchronized void close() {
        closed = true;
    }

    /** Waits until all that is inside for that node has left, for no longer than that. */
    synchronized void awaitLeft(NodeName node, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        long left = longest.toMillis();
        while (inside.containsKey(node) && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }
}
