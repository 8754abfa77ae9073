package dev.scc.cluster.trust;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the certificate that a process has at the moment, whatever is asked for. Thread-safe. */
public final class LiveKeys extends X509ExtendedKeyManager {
    private static final String ONLY = "only";
    private static final int MOST_ROOTS = 3;

    private final Supplier<Credentials> credentials;

    /** @param credentials asked at each connection */
    public LiveKeys(Supplier<Credentials> credentials) {
        this.credentials = credentials;
    }

    /** {@inheritDoc} A server adds its roots: those who join, or missed a rotation, know not all of them. */
    @Override
    public X509Certificate[] getCertificateChain(@Nullable String alias) {
        Credentials current = credentials.get();
        return current.principal().role() == Role.SERVER
                ? Stream.concat(
                                Stream.of(current.certificate()),
                                current.roots().servers().stream().limit(MOST_ROOTS))
                        .toArray(X509Certificate[]::new)
                : new X509Certificate[] {current.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(@Nullable String alias) {
        return credentials.get().key();
    }

    private static boolean elliptic(String type) {
        return type.startsWith("EC");
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (String type : types) {
            if (elliptic(type)) {
                return ONLY;
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return elliptic(type) ? ONLY : null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(types, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(type, issuers, null);
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
        return new String[] {ONLY};
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
        return new String[] {ONLY};
    }
}
