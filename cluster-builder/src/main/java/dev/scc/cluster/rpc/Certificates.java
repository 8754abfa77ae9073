package dev.scc.cluster.rpc;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What the other side of a connection has shown. */
final class Certificates {
    private Certificates() {}

    /**
     * The certificate that the connection, or the one whose session it has resumed, was made with; empty if there was none, or
     * it has ended meanwhile.
     */
    static Optional<X509Certificate> shown(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                            && certificate.getNotAfter().toInstant().isAfter(Instant.now())
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
