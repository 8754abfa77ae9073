package dev.scc.cluster.zk;

import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.rpc.Newcomers;
import dev.scc.cluster.rpc.RefusedConnection;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.LiveKeys;
import dev.scc.cluster.trust.PeerTrust;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Revocations;
import dev.scc.cluster.trust.Role;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.NettyServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.auth.X509AuthenticationProvider;

/**
 * Lets sessions in by certificates, in ZooKeeper's own words an authentication provider. ZooKeeper makes one by itself, so what
 * it shows is the same for all servers of a process. Thread-safe.
 */
public final class Guarded extends X509AuthenticationProvider {
    /** Of what a session is known as, and of all access lists. */
    static final String SCHEME = "scc";

    /** ZooKeeper's own word for whom no access list binds. */
    private static final String SUPER = "super";

    private static final String DOOR = "zookeeper";

    private static final String CERTIFICATE = "scc-certificate";

    /** One takes up to 54 ms of processor time on both sides together. */
    private static final Duration BETWEEN_HANDSHAKES = Duration.ofMillis(40);

    private static final NodePace PACE = new NodePace(System::nanoTime);

    private static volatile Optional<Guard> shown = Optional.empty();

    /** ZooKeeper calls it. */
    public Guarded() {
        super(
                new PeerTrust(
                        () -> credentials().current().roots(),
                        principal -> principal.role() == Role.SERVER || principal.role() == Role.NODE,
                        "a server or a node"),
                new LiveKeys(() -> credentials().current()));
    }

    /** What servers of this process show from now on. */
    static void show(Guard guard) {
        shown = Optional.of(guard);
        System.setProperty("zookeeper.authProvider." + CERTIFICATE, Guarded.class.getName());
        System.setProperty("zookeeper.authProvider." + SCHEME, TreeGuard.class.getName());
        System.setProperty("zookeeper.ssl.authProvider", CERTIFICATE);
        System.setProperty("zookeeper.ssl.clientAuth", "need");
        System.setProperty("zookeeper.ssl.protocol", "TLSv1.3");
        System.setProperty("zookeeper.ssl.enabledProtocols", "TLSv1.3");
        System.setProperty("zookeeper.ssl.ciphersuites", "TLS_AES_128_GCM_SHA256");
        System.setProperty("zookeeper.ssl.hostnameVerification", "false");
        System.setProperty("zookeeper.ssl.clientHostnameVerification", "false");
    }

    private static LiveCredentials credentials() {
        return guard().credentials();
    }

    private static Guard guard() {
        return shown.orElseThrow(() -> new IllegalStateException("no server of this process is guarded"));
    }

    @Override
    public String getScheme() {
        return CERTIFICATE;
    }

    @Override
    public KeeperException.Code handleAuthentication(ServerCnxn session, byte[] data) {
        Certificate[] chain = session.getClientCertificateChain();
        Optional<X509Certificate> shown = first(chain);
        Optional<Principal> principal = shown.filter(
                        certificate -> !guard().revocations().covers(certificate))
                .flatMap(Principal::of);
        if (principal.isEmpty()) {
            refuse(
                    shown.flatMap(Principal::of).map(Principal::toString).orElse(RequestRecord.UNPROVEN),
                    session.getRemoteSocketAddress(),
                    "it was revoked");
        }
        principal.ifPresent(who -> session.addAuthInfo(new Id(SCHEME, who.toString())));
        if (principal.filter(who -> who.role() == Role.SERVER).isPresent()) {
            // Servers do everything, whatever access list an entry bears.
            session.addAuthInfo(new Id(SUPER, ""));
        }
        return principal.isPresent() ? KeeperException.Code.OK : KeeperException.Code.AUTHFAILED;
    }

    private static void refuse(String who, InetSocketAddress from, String why) {
        guard().refused()
                .accept(new RefusedConnection(
                        DOOR, who, from.getAddress().getHostAddress() + ":" + from.getPort(), why));
    }

    /**
     * Has a server that listens tell whom it does not let in, and bounds what nodes ask of it. Connections from before are closed:
     * nothing is known of them.
     */
    static void watch(ServerCnxnFactory connections) {
        if (connections instanceof NettyServerCnxnFactory netty) {
            netty.getParentChannel()
                    .pipeline()
                    .addFirst(new Newcomers(DOOR, one -> guard().refused().accept(one), Guarded::welcome));
            netty.closeAll(ServerCnxn.DisconnectReason.SERVER_SHUTDOWN);
        }
    }

    private static void welcome(Channel channel, SslHandler tls) {
        try {
            Optional<Principal> node = first(tls.engine().getSession().getPeerCertificates())
                    .flatMap(Principal::of)
                    .filter(who -> who.role() != Role.SERVER);
            node.ifPresent(who -> channel.pipeline()
                    .addAfter(
                            channel.pipeline().context(tls).name(),
                            "requests of a node",
                            new NodeRequests(
                                    who.name(),
                                    PACE,
                                    why -> refuse(
                                            who.toString(),
                                            (InetSocketAddress) channel.remoteAddress(),
                                            "asked for " + why))));
        } catch (SSLPeerUnverifiedException e) {
            var _ = channel.close();
        }
    }

    private static Optional<X509Certificate> first(Certificate[] chain) {
        return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                ? Optional.of(certificate)
                : Optional.empty();
    }

    /**
     * Ends the sessions of all who were put out, at this server, and the connections of those whose root was dropped: whoever
     * has another certificate by now goes on with that in the same session.
     */
    static void end(ServerCnxnFactory connections, Revocations revocations) {
        List<ServerCnxn> dropped = new ArrayList<>();
        for (ServerCnxn session : connections.getConnections()) {
            Certificate[] chain = session.getClientCertificateChain();
            Optional<X509Certificate> shown = chain == null ? Optional.empty() : first(chain);
            if (shown.filter(revocations::isPutOut).isPresent()) {
                long id = session.getSessionId();
                // Its session too: else what it has there lives on until that times out.
                connections.getZooKeeperServer().closeSession(id);
                connections.closeSession(id, ServerCnxn.DisconnectReason.CONNECTION_CLOSE_FORCED);
            } else if (shown.filter(revocations::isOfDroppedRoot).isPresent()) {
                dropped.add(session);
            }
        }
        if (!dropped.isEmpty()) {
            Thread.ofVirtual().name("dropped-root").start(() -> closeOneByOne(dropped));
        }
    }

    /** All at once would need more processor time for their new handshakes than their sessions last. */
    private static void closeOneByOne(List<ServerCnxn> connections) {
        try {
            for (ServerCnxn each : connections) {
                each.close(ServerCnxn.DisconnectReason.CONNECTION_CLOSE_FORCED);
                Thread.sleep(BETWEEN_HANDSHAKES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
