package dev.scc.cluster.rpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** A process's gRPC server with all the services that live in it. */
public final class RpcServer implements AutoCloseable {
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
     * @throws IOException if the address cannot be bound
     */
    public static RpcServer bind(ServerSocketFactory sockets, InetSocketAddress address) throws IOException {
        return bind(sockets, address, RpcLimits.PING_AFTER);
    }

    /**
     * The same, for callers that may be silent for long. One whose machine is gone is given up within half a minute all the
     * same: {@link ProbedSockets}.
     *
     * @param silence of a caller, as of one that has been stopped, before it is asked for a sign of life
     */
    public static RpcServer bind(ServerSocketFactory sockets, InetSocketAddress address, Duration silence)
            throws IOException {
        OfferedServices services = new OfferedServices();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        OkHttpServerBuilder builder = OkHttpServerBuilder.forPort(address, InsecureServerCredentials.create())
                .socketFactory(new ProbedSockets(sockets))
                .executor(executor)
                // A thread for each connection: a thousand callers are a thousand of them.
                .transportExecutor(executor)
                .maxInboundMessageSize(RpcLimits.LARGEST_MESSAGE)
                // OkHttp counts answers to our own pings as pings too, so any limit would end silent connections.
                .permitKeepAliveTime(0, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(silence.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(RpcLimits.PING_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        builder.fallbackHandlerRegistry(services);
        try {
            return new RpcServer(builder.build().start(), executor, services, address);
        } catch (IOException e) {
            executor.close();
            throw new IOException("cannot listen on " + address + " for gRPC: " + e.getMessage(), e);
        }
    }

    /** Listens on this machine and serves. */
    public static RpcServer start(InetSocketAddress address, List<ServerServiceDefinition> services)
            throws IOException {
        RpcServer server = bind(ServerSocketFactory.getDefault(), address);
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
