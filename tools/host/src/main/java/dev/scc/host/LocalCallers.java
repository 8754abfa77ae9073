package dev.scc.host;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix socket on which programs of this machine reach a daemon. How many are heard at a time is bounded, and how long one takes to
 * say what it wants; a time without a free descriptor passes. Thread-safe.
 */
public final class LocalCallers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalCallers.class);
    private static final int LONGEST = 100;
    private static final Duration SAYING = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final Path path;
    private final String name;
    private final ServerSocketChannel server;
    private final Conversation conversation;
    private final Semaphore places;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /** What is done for one who has connected, on a thread of its own. */
    @FunctionalInterface
    public interface Conversation {
        /** @throws IOException if he is gone, or says what cannot be understood: nobody else hears of it */
        void with(Caller caller) throws IOException, InterruptedException;
    }

    /** One who has connected. */
    public record Caller(SocketChannel channel, Thread deadline) {
        /** He has said what he wants: from now on he may take his time. */
        public void heard() {
            deadline.interrupt();
        }
    }

    private LocalCallers(Path path, String name, ServerSocketChannel server, int most, Conversation conversation) {
        this.path = path;
        this.name = name;
        this.server = server;
        this.conversation = conversation;
        places = new Semaphore(most);
    }

    /**
     * Begins to listen.
     *
     * @param path where nothing is yet; removed when this is closed
     * @param name of its threads
     * @param most how many callers there may be at a time; more wait to be heard until one of them is gone
     * @throws IOException if the socket cannot be made there
     */
    public static LocalCallers listen(Path path, String name, int most, Conversation conversation) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            bind(server, path);
        } catch (IOException | IllegalArgumentException e) {
            server.close();
            throw new IOException("cannot listen at " + path + ": " + e.getMessage(), e);
        }
        LocalCallers callers = new LocalCallers(path, name, server, most, conversation);
        Thread.ofVirtual().name(name + "-socket").start(callers::acceptAll);
        return callers;
    }

    /** The kernel takes 107 bytes of a path, and Java less: a longer one gets a short name for as long as that is needed. */
    private static void bind(ServerSocketChannel server, Path path) throws IOException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            server.bind(UnixDomainSocketAddress.of(path));
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        Path near = Files.createTempDirectory("scc-");
        try {
            Path link = Files.createSymbolicLink(near.resolve("d"), parent);
            server.bind(UnixDomainSocketAddress.of(link.resolve(path.getFileName())));
        } finally {
            Files.deleteIfExists(near.resolve("d"));
            Files.deleteIfExists(near);
        }
    }

    private void acceptAll() {
        while (server.isOpen()) {
            places.acquireUninterruptibly();
            boolean served = false;
            try {
                SocketChannel connection = server.accept();
                open.add(connection);
                Thread.ofVirtual().name(name + "-caller").start(() -> serve(connection));
                served = true;
            } catch (IOException e) {
                afterFailure(e);
            } finally {
                if (!served) {
                    places.release();
                }
            }
        }
    }

    /** Such as that this process has no descriptor left: that stays so for a while. */
    private void afterFailure(IOException e) {
        if (server.isOpen()) {
            log.atWarn()
                    .addKeyValue("socket", path)
                    .addKeyValue("why", e.toString())
                    .log("no callers for a moment");
            LockSupport.parkNanos(AFTER_FAILURE.toNanos());
        }
    }

    private void serve(SocketChannel connection) {
        Thread deadline = Thread.ofVirtual().name(name + "-caller-deadline").start(() -> endUnlessHeard(connection));
        try (connection) {
            conversation.with(new Caller(connection, deadline));
        } catch (IOException e) {
            log.atDebug().setCause(e).log("caller gone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            deadline.interrupt();
            open.remove(connection);
            places.release();
        }
    }

    private static void endUnlessHeard(SocketChannel connection) {
        try {
            Thread.sleep(SAYING);
            connection.close();
        } catch (InterruptedException | IOException e) {
            log.atTrace().log("a caller has been heard, or is gone");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel connection : open) {
            connection.close();
        }
        Files.deleteIfExists(path);
    }
}
