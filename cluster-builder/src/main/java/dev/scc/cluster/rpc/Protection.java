package dev.scc.cluster.rpc;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.LiveKeys;
import dev.scc.cluster.trust.PeerTrust;
import dev.scc.cluster.trust.PinnedTrust;
import dev.scc.cluster.trust.Role;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** What connections over gRPC are protected by. */
sealed interface Protection {
    String TLS = "TLSv1.3";

    List<String> CIPHERS = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** As io.grpc.netty.GrpcSslContexts has it, which first finds out at length whether this JDK can do it. */
    ApplicationProtocolConfig HTTP2 = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    NettyChannelBuilder protect(NettyChannelBuilder builder, Peer peer);

    NettyServerBuilder protect(NettyServerBuilder builder);

    Optional<LiveCredentials> credentials();

    /** Nothing. */
    record None() implements Protection {
        @Override
        public NettyChannelBuilder protect(NettyChannelBuilder builder, Peer peer) {
            return builder.usePlaintext();
        }

        @Override
        public NettyServerBuilder protect(NettyServerBuilder builder) {
            return builder;
        }

        @Override
        public Optional<LiveCredentials> credentials() {
            return Optional.empty();
        }
    }

    /** Certificates of both sides. */
    final class Certified implements Protection {
        private final LiveCredentials credentials;
        private final LiveKeys keys;

        /** One for each peer that was ever called. */
        private final Map<Peer, SslContext> clients = new ConcurrentHashMap<>();

        Certified(LiveCredentials credentials) {
            this.credentials = credentials;
            keys = new LiveKeys(credentials::current);
        }

        @Override
        public NettyChannelBuilder protect(NettyChannelBuilder builder, Peer peer) {
            return builder.sslContext(clients.computeIfAbsent(
                    peer,
                    _ -> build(
                            SslContextBuilder.forClient().keyManager(keys),
                            new PeerTrust(() -> credentials.current().roots(), peer::isHeldBy, peer.who()))));
        }

        @Override
        public NettyServerBuilder protect(NettyServerBuilder builder) {
            boolean server = credentials.current().principal().role() == Role.SERVER;
            return builder.sslContext(build(
                    SslContextBuilder.forServer(keys)
                            // Those who join have none.
                            .clientAuth(server ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE),
                    new PeerTrust(() -> credentials.current().roots(), _ -> true, "anybody")));
        }

        @Override
        public Optional<LiveCredentials> credentials() {
            return Optional.of(credentials);
        }
    }

    /** No certificate on this side yet. */
    record Joining(Fingerprint root) implements Protection {
        @Override
        public NettyChannelBuilder protect(NettyChannelBuilder builder, Peer peer) {
            return builder.sslContext(build(SslContextBuilder.forClient(), new PinnedTrust(root)));
        }

        @Override
        public NettyServerBuilder protect(NettyServerBuilder builder) {
            throw new IllegalStateException("who has no certificate cannot be called");
        }

        @Override
        public Optional<LiveCredentials> credentials() {
            return Optional.empty();
        }
    }

    /** BoringSSL, which is many times as fast in a process that has just started; the JDK where there is none for the machine. */
    private static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    private static SslContext build(SslContextBuilder builder, TrustManager trust) {
        try {
            SslContext context = builder.trustManager(trust)
                    .protocols(TLS)
                    .ciphers(CIPHERS)
                    .sslProvider(provider())
                    .applicationProtocolConfig(HTTP2)
                    .build();
            return context instanceof OpenSslContext ? new Afresh(context) : context;
        } catch (SSLException e) {
            throw new IllegalStateException("nothing here speaks TLS 1.3", e);
        }
    }

    /**
     * Sessions of TLS are not resumed: on a resumed one nobody is asked for a certificate, and the one of its beginning counts,
     * even if its holder has got another since, by another root.
     */
    final class Afresh extends DelegatingSslContext {
        Afresh(SslContext context) {
            super(context);
            ((OpenSslContext) context).sessionContext().setSessionCacheEnabled(false);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            SSL.setOptions(((ReferenceCountedOpenSslEngine) engine).sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
    }
}
