package dev.scc.job.keeper;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.Tasks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Lets jobs in, and parts of jobs, until it is closed for good. */
final class Gate {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Tasks tasks;
    private final Map<NodeName, Integer> inside = new HashMap<>();
    private boolean closed;

    Gate(Tasks tasks) {
        this.tasks = tasks;
    }

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
    }

    /**
     * Closes it unless something is inside. Returns whether it is closed.
     *
     * @param settled whether nothing has stayed undone of what was inside; asked when nothing is
     */
    synchronized boolean closeIfEmpty(BooleanSupplier settled) {
        closed |= inside.isEmpty() && settled.getAsBoolean();
        return closed;
    }

    synchronized void close() {
        closed = true;
    }

    /** Waits until all that is inside for that node has left, for no longer than that. */
    void awaitLeft(NodeName node, Duration longest) throws InterruptedException {
        long deadline = tasks.nanos() + longest.toNanos();
        while (isInside(node) && tasks.nanos() - deadline < 0) {
            tasks.sleep(BETWEEN_LOOKS);
        }
    }

    private synchronized boolean isInside(NodeName node) {
        return inside.containsKey(node);
    }
}
