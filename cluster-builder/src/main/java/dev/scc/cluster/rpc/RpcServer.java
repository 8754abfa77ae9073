package dev.scc.cluster.rpc;

import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.ListeningChannels;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/** A process's gRPC server with all the services that live in it. */
public final class RpcServer implements AutoCloseable {
    private static final Context.Key<Connections> CONNECTIONS = Context.key("connections");

    /** As refused connections are told of. */
    private static final String DOOR = "api";

    private final Server server;
    private final ExecutorService executor;
    private final OfferedServices services;
    private final InetSocketAddress bound;

    private RpcServer(Server server, ExecutorService executor, OfferedServices services, InetSocketAddress bound) {
        this.bound = bound;
        this.server = server;
        this.executor = executor;
        this.services = services;
    }

    /**
     * Listens. Calls wait until {@link #offer} says what there is to call.
     *
     * @param sockets makes the one that it listens with
     * @param address to bind; port 0 takes a free one
     * @param connections what it shows, and whom it lets in
     * @throws IOException if the address cannot be bound
     */
    public static RpcServer bind(ListeningChannels sockets, InetSocketAddress address, Connections connections)
            throws IOException {
        return bind(sockets, address, connections, RpcLimits.PING_AFTER);
    }

    /**
     * The same, for callers that may be silent for long. One whose machine is gone is given up within half a minute all the
     * same: its kernel answers for a process that is stopped or busy, so that TCP's own probes tell a machine that is gone from
     * a process that is silent, which gRPC's pings cannot.
     *
     * @param silence of a caller, as of one that has been stopped, before it is asked for a sign of life
     */
    public static RpcServer bind(
            ListeningChannels sockets, InetSocketAddress address, Connections connections, Duration silence)
            throws IOException {
        OfferedServices services = new OfferedServices();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        NettyServerBuilder builder = connections
                .protection()
                .protect(NettyServerBuilder.forAddress(address))
                .bossEventLoopGroup(EventLoops.shared())
                .workerEventLoopGroup(EventLoops.shared())
                .channelFactory(() -> channel(sockets, connections))
                .withChildOption(ChannelOption.SO_KEEPALIVE, true)
                .withChildOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), RpcLimits.PROBED_AFTER)
                .withChildOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), RpcLimits.PROBED_EVERY)
                .withChildOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), RpcLimits.PROBES)
                .executor(executor)
                .maxInboundMessageSize(RpcLimits.LARGEST_MESSAGE)
                // A few bytes would be megabytes: nobody here compresses what he sends.
                .decompressorRegistry(DecompressorRegistry.emptyInstance())
                .maxConcurrentCallsPerConnection(RpcLimits.CALLS_AT_ONCE)
                .maxRstFramesPerWindow(RpcLimits.RESETS, RpcLimits.RESETS_WITHIN)
                .handshakeTimeout(RpcLimits.HANDSHAKE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(RpcLimits.PINGED_AT_MOST_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(silence.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(RpcLimits.PING_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        builder.fallbackHandlerRegistry(services);
        builder.intercept(knowing(connections));
        try {
            return new RpcServer(builder.build().start(), executor, services, address);
        } catch (IOException e) {
            executor.close();
            throw new IOException("cannot listen on " + address + " for gRPC: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            executor.close();
            throw new IOException("cannot listen on " + address + " for gRPC: " + e.getMessage(), e.getCause());
        }
    }

    /** Lets each call know who was put out, and who is to learn of its end. */
    private static ServerInterceptor knowing(Connections connections) {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                Context context = Context.current().withValue(CONNECTIONS, connections);
                return Contexts.interceptCall(context, call, headers, next);
            }
        };
    }

    /** Of the server that the call came in by: to be asked where the call starts. */
    static Connections connectionsOfThisCall() {
        return Objects.requireNonNull(CONNECTIONS.get(), "not a call of a server's");
    }

    private static NioServerSocketChannel channel(ListeningChannels sockets, Connections connections) {
        ConnectionCounts counts = new ConnectionCounts(RpcLimits.CONNECTIONS);
        try {
            NioServerSocketChannel channel = new NioServerSocketChannel(sockets.open());
            channel.pipeline()
                    .addLast(new Newcomers(
                            DOOR,
                            refused -> connections.observer().refused(refused),
                            (child, tls) -> welcome(counts, connections, child, tls)));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever holds connections open by the thousand keeps nobody else out. */
    private static void welcome(ConnectionCounts counts, Connections connections, Channel child, SslHandler tls) {
        Optional<String> shown = Certificates.shown(tls.engine().getSession())
                .flatMap(Principal::of)
                .map(Principal::toString);
        String address = Newcomers.address(child);
        String who = shown.orElse(address.substring(0, Math.max(0, address.lastIndexOf(':'))));
        if (counts.take(who)) {
            child.closeFuture().addListener(_ -> counts.giveBack(who));
            return;
        }
        connections
                .observer()
                .refused(new RefusedConnection(
                        DOOR,
                        shown.orElse(RequestRecord.UNPROVEN),
                        address,
                        "there are " + RpcLimits.CONNECTIONS + " others of the same caller"));
        var _ = child.close();
    }

    /** Listens on this machine and serves. */
    public static RpcServer start(
            InetSocketAddress address, Connections connections, List<ServerServiceDefinition> services)
            throws IOException {
        RpcServer server = bind(ListeningChannels.ofThisProcess(), address, connections);
        server.offer(services);
        return server;
    }

    /** From now on it serves these. To be called once. */
    public void offer(List<ServerServiceDefinition> offered) {
        services.offer(offered);
    }

    /** Host and port by which this machine reaches it. */
    public String address() {
        String host = bound.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : bound.getAddress().getHostAddress();
        return host + ":" + port();
    }

    /** The port that it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Cancels the calls that are being served (their handlers are interrupted) and closes all connections. */
    @Override
    public void close() {
        server.shutdownNow();
        // Calls that still wait for an offer.
        services.offer(List.of());
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
