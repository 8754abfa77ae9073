package dev.scc.cluster.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Decides whether the other side of a connection is who it has to be. Its certificate names it; the root that must have signed
 * that follows from its role; host names and addresses say nothing. Thread-safe.
 */
public final class PeerTrust extends ChainTrust {
    /** A certificate, and its root for those who do not know that yet; while that is replaced, also the old one and its word. */
    private static final int LONGEST_CHAIN = 4;

    private final Supplier<Roots> roots;
    private final Predicate<Principal> expected;
    private final String whom;

    /**
     * Trust in some of those that the roots have signed.
     *
     * @param whom who is expected, for the message to others
     */
    public PeerTrust(Supplier<Roots> roots, Predicate<Principal> expected, String whom) {
        this.roots = roots;
        this.expected = expected;
        this.whom = whom;
    }

    @Override
    Principal check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || chain.length > LONGEST_CHAIN) {
            throw new CertificateException(chain.length + " certificates where one to four are expected");
        }
        Principal principal = Principal.of(chain[0])
                .orElseThrow(() -> new CertificateException("the certificate names nobody of scc's"));
        chain[0].checkValidity();
        Root root = principal.role().root();
        validate(chain[0], principal, vouched(roots.get().of(root), chain, root));
        if (!expected.test(principal)) {
            throw new CertificateException("this is " + principal + ", not " + whom);
        }
        return principal;
    }
}
