package dev.scc.cluster.zk;

import dev.scc.cluster.trust.LiveCredentials;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** A session of ZooKeeper's own client, which does what it is told: what somebody has who has a key and a program of his own. */
public final class RawSession implements AutoCloseable {
    private static final int SESSION_MILLIS = 20_000;

    private final ClientSettings settings;
    private final ZooKeeper client;

    private RawSession(ClientSettings settings, ZooKeeper client) {
        this.settings = settings;
        this.client = client;
    }

    /** @param credentials empty for plain text */
    public static RawSession open(String hosts, Optional<LiveCredentials> credentials, Duration patience)
            throws Exception {
        ClientSettings settings = ClientSettings.showing(credentials);
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(
                hosts,
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                settings.config());
        RawSession session = new RawSession(settings, client);
        if (!connected.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            session.close();
            throw new IllegalStateException("no session with " + hosts);
        }
        return session;
    }

    public ZooKeeper client() {
        return client;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            settings.close();
        }
    }
}
