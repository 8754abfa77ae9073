package dev.scc.cluster.rpc;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A connection over gRPC, opened by the first call, or one that stands from before. */
final class GrpcChannel implements RpcChannel {
    private final Peer peer;
    private final ChannelPool pool;
    private final long made;
    private final ManagedChannel channel;
    private final List<GrpcCall<?, ?>> calls = new ArrayList<>();
    private boolean closed;

    private GrpcChannel(Peer peer, ChannelPool pool, long made, ManagedChannel channel) {
        this.peer = peer;
        this.pool = pool;
        this.made = made;
        this.channel = channel;
    }

    static GrpcChannel to(Peer peer, Protection protection, ChannelPool pool) {
        long made = pool.age();
        return new GrpcChannel(peer, pool, made, pool.take(peer).orElseGet(() -> make(peer, protection)));
    }

    private static ManagedChannel make(Peer peer, Protection protection) {
        return protection
                .protect(builder(peer), peer)
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

    /** Without a resolver of names where there is nothing to resolve. */
    private static NettyChannelBuilder builder(Peer peer) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(peer.host());
        } catch (IllegalArgumentException e) {
            return NettyChannelBuilder.forAddress(peer.host(), peer.port());
        }
        return NettyChannelBuilder.forAddress(new InetSocketAddress(address, peer.port()));
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
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

    @Override
    public <Q, A> GrpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
        CallOptions options = within.map(
                        longest -> CallOptions.DEFAULT.withDeadlineAfter(longest.toNanos(), TimeUnit.NANOSECONDS))
                .orElse(CallOptions.DEFAULT);
        GrpcCall<Q, A> call =
                GrpcCall.start(peer.toString(), channel.newCall(method.descriptor(), options), method.descriptor());
        synchronized (calls) {
            calls.removeIf(GrpcCall::hasEnded);
            calls.add(call);
        }
        return call;
    }

    @Override
    public void close() {
        synchronized (calls) {
            if (closed) {
                return;
            }
            closed = true;
            if (calls.stream().allMatch(GrpcCall::hasEnded)) {
                pool.give(peer, channel, made);
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
