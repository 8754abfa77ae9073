package dev.scc.cluster.rpc;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A connection to another process. Safe for use by several threads. */
public interface RpcChannel extends AutoCloseable {
    Peer peer();

    /**
     * Waits until the agent speaks. Calls without a deadline need this: the kernel accepts connections for a process that
     * hangs, and gRPC waits for its first words without end. An agent that cannot be reached is left to the call, which says
     * why.
     *
     * @param within how long that may take, from now
     * @throws RpcFailed if the agent's machine accepts the connection, or says nothing, and the agent does not answer
     */
    void connect(Duration within) throws RpcFailed, InterruptedException;

    /**
     * Begins a call of any kind.
     *
     * @param within the deadline for all of it, from now; empty for none
     */
    <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within);

    /**
     * One request, one answer.
     *
     * @param within the deadline, from now
     * @throws InterruptedException if this thread is interrupted; the call is cancelled
     */
    default <Q, A> A call(RpcMethod<Q, A> method, Q request, Duration within) throws RpcFailed, InterruptedException {
        try (RpcCall<Q, A> call = open(method, Optional.of(within))) {
            call.send(request);
            call.sendNoMore();
            A answer = call.next().orElseThrow(() -> new RpcFailed(RpcFailed.Kind.FAILED, peer() + " gave no answer"));
            call.next();
            return answer;
        }
    }

    /**
     * One request, any number of answers; returns after the last.
     *
     * @param within the deadline for all of it, from now
     * @throws InterruptedException if this thread is interrupted; the call is cancelled
     */
    default <Q, A> void stream(RpcMethod<Q, A> method, Q request, Duration within, Consumer<A> answers)
            throws RpcFailed, InterruptedException {
        try (RpcCall<Q, A> call = open(method, Optional.of(within))) {
            call.send(request);
            call.sendNoMore();
            for (Optional<A> answer = call.next(); answer.isPresent(); answer = call.next()) {
                answers.accept(answer.get());
            }
        }
    }

    /** Cancels all calls. Without any the connection may serve the next one who calls the same process. */
    @Override
    void close();
}
