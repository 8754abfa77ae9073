package dev.scc.cluster.rpc;

import java.time.Duration;
import java.util.Optional;

/**
 * One call on the calling side, for blocking code. Several threads may send, one at a time may read. Closing it before it
 * has ended cancels it.
 */
public interface RpcCall<Q, A> extends AutoCloseable {

    /**
     * Sends one request; waits while the other side is slow to read. When the call has ended meanwhile, or another thread
     * has said that no more requests come, the request is dropped: {@link #next} says how the call ended.
     */
    void send(Q request) throws InterruptedException;

    /** Tells the other side that no more requests come. */
    void sendNoMore();

    /**
     * The next answer; waits for it. Empty when the call has ended well.
     *
     * @throws RpcFailed if the call has ended otherwise
     */
    Optional<A> next() throws RpcFailed, InterruptedException;

    /**
     * The same, and gives up on one that is silent; the call goes on.
     *
     * @throws RpcFailed of kind TIMED_OUT if nothing comes within {@code atMost}
     */
    Optional<A> next(Duration atMost) throws RpcFailed, InterruptedException;

    @Override
    void close();
}
