package dev.scc.cluster.rpc;

/** Where a handler puts its answers. Safe for use by several threads. */
@FunctionalInterface
public interface Answers<A> {

    /**
     * Sends one answer; waits while the other side is slow to read.
     *
     * @throws InterruptedException if the caller has given up meanwhile
     */
    void send(A answer) throws InterruptedException;
}
