package dev.scc.cluster.rpc;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection to another process, opened by the first call, or one that stands from before. Safe for use by several threads.
 */
public final class RpcChannel implements AutoCloseable {
    private final Peer peer;
    private final ChannelPool pool;
    private final ManagedChannel channel;
    private final List<RpcCall<?, ?>> calls = new ArrayList<>();
    private boolean closed;

    private RpcChannel(Peer peer, ChannelPool pool, ManagedChannel channel) {
        this.peer = peer;
        this.pool = pool;
        this.channel = channel;
    }

    static RpcChannel to(Peer peer, Protection protection, ChannelPool pool) {
        return new RpcChannel(peer, pool, pool.take(peer).orElseGet(() -> make(peer, protection)));
    }

    private static ManagedChannel make(Peer peer, Protection protection) {
        return protection
                .protect(NettyChannelBuilder.forAddress(peer.host(), peer.port()), peer)
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(EventLoops.shared())
                .executor(EventLoops.forAnswers())
                .maxInboundMessageSize(RpcLimits.LARGEST_MESSAGE)
                .idleTimeout(RpcLimits.KEPT_IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(RpcLimits.PING_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(RpcLimits.PING_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .disableRetry()
                .build();
    }

    public Peer peer() {
        return peer;
    }

    /**
     * Waits until the agent speaks. Calls without a deadline need this: the kernel accepts connections for a process that
     * hangs, and gRPC waits for its first words without end. An agent that cannot be reached is left to the call, which says
     * why.
     *
     * @param within how long that may take, from now
     * @throws RpcFailed if the agent's machine accepts the connection, or says nothing, and the agent does not answer
     */
    public void connect(Duration within) throws RpcFailed, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        ConnectivityState state = channel.getState(true);
        while (state == ConnectivityState.IDLE || state == ConnectivityState.CONNECTING) {
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new RpcFailed(
                        RpcFailed.Kind.TIMED_OUT, peer + " does not answer within " + within.toSeconds() + " s");
            }
            state = channel.getState(true);
        }
    }

    /**
     * One request, one answer.
     *
     * @param within the deadline, from now
     * @throws InterruptedException if this thread is interrupted; the call is cancelled
     */
    public <Q, A> A call(RpcMethod<Q, A> method, Q request, Duration within) throws RpcFailed, InterruptedException {
        try (RpcCall<Q, A> call = open(method, Optional.of(within))) {
            call.send(request);
            call.sendNoMore();
            A answer = call.next().orElseThrow(() -> new RpcFailed(RpcFailed.Kind.FAILED, peer + " gave no answer"));
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
    public <Q, A> void stream(RpcMethod<Q, A> method, Q request, Duration within, Consumer<A> answers)
            throws RpcFailed, InterruptedException {
        try (RpcCall<Q, A> call = open(method, Optional.of(within))) {
            call.send(request);
            call.sendNoMore();
            for (Optional<A> answer = call.next(); answer.isPresent(); answer = call.next()) {
                answers.accept(answer.get());
            }
        }
    }

    /**
     * Begins a call of any kind.
     *
     * @param within the deadline for all of it, from now; empty for none
     */
    public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
        CallOptions options = within.map(
                        longest -> CallOptions.DEFAULT.withDeadlineAfter(longest.toNanos(), TimeUnit.NANOSECONDS))
                .orElse(CallOptions.DEFAULT);
        RpcCall<Q, A> call =
                RpcCall.start(peer.toString(), channel.newCall(method.descriptor(), options), method.descriptor());
        synchronized (calls) {
            calls.removeIf(RpcCall::hasEnded);
            calls.add(call);
        }
        return call;
    }

    /** Cancels all calls. Without any the connection may serve the next one who calls the same process. */
    @Override
    public void close() {
        synchronized (calls) {
            if (closed) {
                return;
            }
            closed = true;
            if (calls.stream().allMatch(RpcCall::hasEnded)) {
                pool.give(peer, channel);
                return;
            }
        }
        channel.shutdownNow();
        try {
            channel.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
