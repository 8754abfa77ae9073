package dev.scc.cluster.trust;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What all decisions about a chain of certificates share: it is the same for clients and servers, sockets and engines. */
abstract sealed class ChainTrust extends X509ExtendedTrustManager permits PeerTrust, PinnedTrust {

    /**
     * Whom a chain of certificates names, if all is well with it now.
     *
     * @throws CertificateException if not; the message says why, in words for both sides
     */
    abstract Principal check(X509Certificate[] chain) throws CertificateException;

    static void validate(X509Certificate certificate, Principal principal, List<X509Certificate> roots)
            throws CertificateException {
        Set<TrustAnchor> anchors =
                roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(
                    "the certificate of " + principal + " is not signed by the root of "
                            + principal.role().root() + " of this pool",
                    e);
        }
    }

    /**
     * The trusted roots, and those that come along with a certificate and that a trusted one has signed: a root that is replaced
     * vouches for its successor.
     */
    static List<X509Certificate> vouched(List<X509Certificate> trusted, X509Certificate[] chain, Root root) {
        return Stream.concat(
                        trusted.stream(),
                        Arrays.stream(chain)
                                .skip(1)
                                .filter(offered -> Principal.uri(offered)
                                                .filter(Principal.uri(root)::equals)
                                                .isPresent()
                                        && trusted.stream().anyMatch(known -> hasSigned(known, offered))))
                .toList();
    }

    private static boolean hasSigned(X509Certificate known, X509Certificate offered) {
        try {
            offered.checkValidity();
            offered.verify(known.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    /** None are named to the other side: it has one certificate. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
