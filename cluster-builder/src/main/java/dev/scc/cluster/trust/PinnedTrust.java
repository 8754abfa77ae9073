package dev.scc.cluster.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/** Trust in servers whose root is known by its fingerprint alone: for those who join. Thread-safe. */
public final class PinnedTrust extends ChainTrust {
    private static final int MOST_ROOTS = 3;

    private final Fingerprint root;

    public PinnedTrust(Fingerprint root) {
        this.root = root;
    }

    @Override
    Principal check(X509Certificate[] chain) throws CertificateException {
        List<X509Certificate> pinned = Arrays.stream(chain)
                .skip(1)
                .limit(MOST_ROOTS)
                .filter(offered -> Fingerprint.of(offered).equals(root))
                .toList();
        if (pinned.isEmpty()) {
            throw new CertificateException("this is not a server of the pool that the token is for");
        }
        Principal principal = Principal.of(chain[0])
                .filter(named -> named.role() == Role.SERVER)
                .orElseThrow(() -> new CertificateException("this is no server"));
        chain[0].checkValidity();
        validate(chain[0], principal, vouched(pinned, chain, Root.SERVERS));
        return principal;
    }
}
