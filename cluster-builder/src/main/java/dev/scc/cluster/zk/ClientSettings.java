package dev.scc.cluster.zk;

import dev.scc.cluster.trust.LiveCredentials;
import java.util.Optional;
import org.apache.zookeeper.client.ZKClientConfig;

/** What ZooKeeper's client is to know beyond where to connect. Whoever has a session by it closes it after the session. */
final class ClientSettings implements AutoCloseable {
    private final ZKClientConfig config = new ZKClientConfig();
    private final Optional<KeyFiles> keys;

    private ClientSettings(Optional<LiveCredentials> credentials) {
        Limits.apply(config);
        if (credentials.isPresent()) {
            config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
            config.setProperty(
                    ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
        }
        keys = credentials.map(shown -> KeyFiles.show(shown, "zookeeper.ssl.", config::setProperty));
    }

    /** Shows these credentials over TLS; nothing in plain text if there are none. */
    static ClientSettings showing(Optional<LiveCredentials> credentials) {
        return new ClientSettings(credentials);
    }

    ZKClientConfig config() {
        return config;
    }

    /** Whether credentials are shown. */
    boolean secure() {
        return keys.isPresent();
    }

    @Override
    public void close() {
        keys.ifPresent(KeyFiles::close);
    }
}
