package dev.scc.cluster.zk;

import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.LiveKeys;
import dev.scc.cluster.trust.PeerTrust;
import dev.scc.cluster.trust.Role;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What members of an ensemble show each other, and whom they let in: servers alone, by the roots that they trust at the moment.
 * ZooKeeper reads files of keys once, and makes one of these by itself instead, so what it shows is the same for all members of a
 * process. Thread-safe.
 */
public final class QuorumTls implements Supplier<SSLContext> {
    private static volatile Optional<LiveCredentials> shown = Optional.empty();

    /** What members of this process show from now on. */
    static void show(LiveCredentials credentials) {
        shown = Optional.of(credentials);
        String prefix = "zookeeper.ssl.quorum.";
        System.setProperty(prefix + "context.supplier.class", QuorumTls.class.getName());
        System.setProperty(prefix + "protocol", "TLSv1.3");
        System.setProperty(prefix + "enabledProtocols", "TLSv1.3");
        System.setProperty(prefix + "ciphersuites", "TLS_AES_128_GCM_SHA256");
        System.setProperty(prefix + "clientAuth", "need");
    }

    private static LiveCredentials credentials() {
        return shown.orElseThrow(() -> new IllegalStateException("no member of an ensemble is guarded here"));
    }

    @Override
    public SSLContext get() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {new LiveKeys(() -> credentials().current())},
                    new TrustManager[] {
                        new PeerTrust(
                                () -> credentials().current().roots(),
                                principal -> principal.role() == Role.SERVER,
                                "a server")
                    },
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot speak TLS 1.3", e);
        }
    }
}
