package dev.scc.cluster.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Trust in servers whose root is known by its fingerprint alone: for those who join. Thread-safe. */
public final class PinnedTrust extends ChainTrust {
    private final Fingerprint root;

    public PinnedTrust(Fingerprint root) {
        this.root = root;
    }

    @Override
    Principal check(X509Certificate[] chain) throws CertificateException {
        if (chain.length != 2 || !Fingerprint.of(chain[1]).equals(root)) {
            throw new CertificateException("this is not a server of the pool that the token is for");
        }
        Principal principal = Principal.of(chain[0])
                .filter(named -> named.role() == Role.SERVER)
                .orElseThrow(() -> new CertificateException("this is no server"));
        chain[0].checkValidity();
        validate(chain[0], principal, List.of(chain[1]));
        return principal;
    }
}
