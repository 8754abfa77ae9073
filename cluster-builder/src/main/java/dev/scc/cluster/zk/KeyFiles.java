package dev.scc.cluster.zk;

import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.MemoryFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * A process's credentials as ZooKeeper takes them: by the names of files, which it reads for each connection. The files are in
 * memory alone, so no disk ever holds the key, and a process that is killed leaves nothing. Thread-safe.
 */
final class KeyFiles implements AutoCloseable {
    /** Those of before too: a connection that is being made may still read them. */
    private static final int KEPT = 2;

    private final String prefix;
    private final LiveCredentials credentials;
    private final BiConsumer<String, String> settings;
    private final boolean trust;
    private final Deque<Pair> pairs = new ArrayDeque<>();
    private boolean closed;

    private record Pair(MemoryFile own, MemoryFile servers) {
        void close() {
            own.close();
            servers.close();
        }
    }

    private KeyFiles(String prefix, LiveCredentials credentials, BiConsumer<String, String> settings, boolean trust) {
        this.trust = trust;
        this.prefix = prefix;
        this.credentials = credentials;
        this.settings = settings;
    }

    /**
     * Has ZooKeeper show these credentials and trust servers alone, now and after each renewal.
     *
     * @param prefix of the settings' names, as {@code zookeeper.ssl.}
     * @param settings takes a setting by its name
     */
    static KeyFiles show(LiveCredentials credentials, String prefix, BiConsumer<String, String> settings) {
        KeyFiles files = new KeyFiles(prefix, credentials, settings, true);
        settings.accept(prefix + "trustStore.type", "PEM");
        settings.accept(prefix + "protocol", "TLSv1.3");
        settings.accept(prefix + "enabledProtocols", "TLSv1.3");
        settings.accept(prefix + "ciphersuites", "TLS_AES_128_GCM_SHA256");
        // The root of servers has signed nobody else.
        settings.accept(prefix + "hostnameVerification", "false");
        return files.begun();
    }

    /** The same, and whom ZooKeeper trusts is left alone. */
    static KeyFiles showOnly(LiveCredentials credentials, String prefix, BiConsumer<String, String> settings) {
        return new KeyFiles(prefix, credentials, settings, false).begun();
    }

    private KeyFiles begun() {
        settings.accept(prefix + "keyStore.type", "PEM");
        renew();
        credentials.onRenewal(this::renew);
        return this;
    }

    private synchronized void renew() {
        if (closed) {
            return;
        }
        Credentials current = credentials.current();
        Pair next = new Pair(file(current.keyAndCertificate()), file(current.rootsOfServers()));
        settings.accept(
                prefix + "keyStore.location", next.own().descriptor().path().toString());
        if (trust) {
            settings.accept(
                    prefix + "trustStore.location",
                    next.servers().descriptor().path().toString());
        }
        pairs.addLast(next);
        if (pairs.size() > KEPT) {
            pairs.removeFirst().close();
        }
    }

    private static MemoryFile file(String text) {
        try {
            return MemoryFile.of(text.getBytes(StandardCharsets.US_ASCII));
        } catch (LibcFailed e) {
            throw new IllegalStateException("cannot hold keys in memory for ZooKeeper: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        pairs.forEach(Pair::close);
        pairs.clear();
    }
}
