package dev.scc.cluster.zk;

import dev.scc.cluster.trust.LiveCredentials;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.zookeeper.client.ZKClientConfig;

/** What ZooKeeper's client is to know beyond where to connect. Whoever has a session by it closes it after the session. */
final class ClientSettings implements AutoCloseable {
    private static final String TLS = "zookeeper.ssl.";

    /** A setting of ours beside ZooKeeper's. */
    private static final String GUARDED = "scc.guarded";

    private final ZKClientConfig config = new ZKClientConfig();
    private final List<Runnable> others = new CopyOnWriteArrayList<>();
    private final Optional<KeyFiles> keys;

    private ClientSettings(Function<BiConsumer<String, String>, Optional<KeyFiles>> keys) {
        Limits.apply(config);
        this.keys = keys.apply(config::setProperty);
    }

    /** Shows these credentials over TLS; nothing in plain text if there are none. */
    static ClientSettings showing(Optional<LiveCredentials> credentials) {
        return new ClientSettings(settings -> {
            if (credentials.isPresent()) {
                overTls(settings);
                settings.accept(GUARDED, "true");
            }
            return credentials.map(shown -> KeyFiles.show(shown, TLS, settings));
        });
    }

    /** Speaks TLS with an ensemble of somebody else's, and shows these credentials if the door has no identity of its own. */
    static ClientSettings foreign(EnsembleDoor.Tls door, Optional<LiveCredentials> credentials) {
        return new ClientSettings(settings -> {
            overTls(settings);
            settings.accept(TLS + "protocol", "TLSv1.3");
            settings.accept(TLS + "enabledProtocols", "TLSv1.3,TLSv1.2");
            settings.accept(TLS + "hostnameVerification", "true");
            // Else its client looks up a name for an address, for Kerberos, and certificates are compared with that
            // name.
            settings.accept(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
            settings.accept(TLS + "trustStore.type", "PEM");
            settings.accept(TLS + "trustStore.location", door.trust().toString());
            if (door.identity().isPresent()) {
                settings.accept(TLS + "keyStore.type", "PEM");
                settings.accept(TLS + "keyStore.location", door.identity().get().toString());
                return Optional.empty();
            }
            return credentials.map(shown -> KeyFiles.showOnly(shown, TLS, settings));
        });
    }

    private static void overTls(BiConsumer<String, String> settings) {
        settings.accept(ZKClientConfig.SECURE_CLIENT, "true");
        settings.accept(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    }

    /** Whether access lists of scc's mean something where that client is connected. */
    static boolean guarded(ZKClientConfig of) {
        return of.getBoolean(GUARDED);
    }

    /** Has something closed after the session. */
    void alsoClose(Runnable other) {
        others.add(other);
    }

    ZKClientConfig config() {
        return config;
    }

    /** Whether the ensemble is scc's own, and guards its entries. */
    boolean guarded() {
        return guarded(config);
    }

    @Override
    public void close() {
        others.forEach(Runnable::run);
        keys.ifPresent(KeyFiles::close);
    }
}
