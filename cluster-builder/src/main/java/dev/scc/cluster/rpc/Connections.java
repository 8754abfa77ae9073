package dev.scc.cluster.rpc;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Revocations;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a process's connections, and takes what it shows and asks for on those that it accepts: one for each identity.
 * Thread-safe.
 */
public final class Connections {
    private final Protection protection;
    private final ChannelPool pool = new ChannelPool();
    private final Optional<Function<Peer, RpcChannel>> way;
    private final Revocations revocations = new Revocations();
    private volatile CallObserver observer = CallObserver.NOBODY;

    private Connections(Protection protection) {
        this(protection, Optional.empty());
    }

    private Connections(Protection protection, Optional<Function<Peer, RpcChannel>> way) {
        this.protection = protection;
        this.way = way;
    }

    /** Connections that are made by somebody else, as between processes that are simulated. Nobody proves who he is. */
    public static Connections over(Function<Peer, RpcChannel> way) {
        return new Connections(new Protection.None(), Optional.of(way));
    }

    /** Connections on which nobody proves who he is. For tests of other things, and to measure what proofs cost. */
    public static Connections plain() {
        return new Connections(new Protection.None());
    }

    /** Connections over TLS 1.3, with the certificate that the process has at the time. */
    public static Connections as(LiveCredentials credentials) {
        Connections connections = new Connections(new Protection.Certified(credentials));
        connections.revocations.trust(() -> credentials.current().roots());
        credentials.onRenewal(connections.pool::clear);
        credentials.onRenewal(connections.revocations::rootsChanged);
        return connections;
    }

    /** Connections to servers alone, without a certificate: for those who join. */
    public static Connections joining(Fingerprint root) {
        return new Connections(new Protection.Joining(root));
    }

    /** The credentials that connections show, if any. */
    public Optional<LiveCredentials> credentials() {
        return protection.credentials();
    }

    /** Who counts for nothing on these connections. */
    public Revocations revocations() {
        return revocations;
    }

    /** From now on somebody learns of the calls on connections that are accepted. */
    public void observe(CallObserver by) {
        observer = by;
    }

    CallObserver observer() {
        return observer;
    }

    Protection protection() {
        return protection;
    }

    /** Every connection over gRPC is made here. Nothing is sent before the first call. */
    public RpcChannel to(Peer peer) {
        return way.isPresent() ? way.get().apply(peer) : GrpcChannel.to(peer, protection, pool);
    }
}
