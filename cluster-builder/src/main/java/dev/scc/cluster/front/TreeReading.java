package dev.scc.cluster.front;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.ConnectionLost;
import java.util.function.BooleanSupplier;

/**
 * Answers that need the tree. Without ZooKeeper nothing can be said, but others may have it: whoever asks goes on there.
 *
 * @param connected whether the tree can be reached now
 */
record TreeReading(BooleanSupplier connected) {

    /** Something that needs the tree. */
    @FunctionalInterface
    interface Answer<A> {
        A read() throws ConnectionLost, RpcFailed, InterruptedException;
    }

    /** @throws RpcFailed of kind UNREACHABLE if the tree cannot be reached */
    <A> A from(Answer<A> answer) throws RpcFailed, InterruptedException {
        if (!connected.getAsBoolean()) {
            throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "this server has no connection to ZooKeeper");
        }
        try {
            return answer.read();
        } catch (ConnectionLost e) {
            throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "this server: " + e.getMessage());
        }
    }
}
