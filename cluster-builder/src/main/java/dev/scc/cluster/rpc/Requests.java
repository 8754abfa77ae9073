package dev.scc.cluster.rpc;

import java.util.Optional;

/** Where a handler of a bidirectional method finds the requests. For one reader at a time. */
@FunctionalInterface
public interface Requests<Q> {

    /**
     * The next request; waits for it. Empty when the caller has said that it sends no more.
     *
     * @throws RpcFailed if the bytes are not such a request; let it end the call
     * @throws InterruptedException if the caller has given up meanwhile
     */
    Optional<Q> next() throws RpcFailed, InterruptedException;
}
