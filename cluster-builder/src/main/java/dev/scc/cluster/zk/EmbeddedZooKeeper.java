package dev.scc.cluster.zk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.NettyServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A standalone ZooKeeper server in this process. What it has acknowledged is on disk, and survives a restart. */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedZooKeeper.class);

    /** In milliseconds. A session lives at least 2 and at most 20 of these. */
    static final int TICK = 1000;

    /** A process that hosts many agents comes from one address. */
    private static final int CONNECTIONS_FROM_ONE_ADDRESS = 8192;

    /** Connections that may wait to be taken up: after a restart all agents are there at once. */
    private static final int BACKLOG = 4096;

    private static final int SNAPSHOTS_KEPT = 3;
    private static final int HOURS_BETWEEN_PURGES = 1;

    private final ServerCnxnFactory connections;
    private final ZooKeeperServer server;
    private final DatadirCleanupManager purge;

    private EmbeddedZooKeeper(ServerCnxnFactory connections, ZooKeeperServer server, DatadirCleanupManager purge) {
        this.connections = connections;
        this.server = server;
        this.purge = purge;
    }

    /**
     * Starts it; it answers when this returns.
     *
     * @param data directory of its own; made if it is not there
     * @param bind address to listen on; port 0 takes a free one
     * @throws IOException if the directory or the address cannot be used; the message says which
     */
    public static EmbeddedZooKeeper start(Path data, InetSocketAddress bind) throws IOException, InterruptedException {
        return start(data, bind, Optional.empty(), why -> LOG.atError().log(why));
    }

    /**
     * The same.
     *
     * @param guard what it shows, and whom it lets sessions in; empty if everybody may do everything
     * @param broken is told when it cannot write its data any more, or has lost one of its threads; it answers nothing from
     *     then on, and does not recover. On a thread of ZooKeeper's own.
     */
    public static EmbeddedZooKeeper start(
            Path data, InetSocketAddress bind, Optional<Guard> guard, Consumer<String> broken)
            throws IOException, InterruptedException {
        Limits.apply();
        Files.createDirectories(data);
        DataOwner.claimForSingle(data);
        LogTail.mend(data);
        FileTxnSnapLog log = new FileTxnSnapLog(data.toFile(), data.toFile());
        ServerCnxnFactory connections;
        try {
            connections = listen(bind, guard);
        } catch (IOException e) {
            log.close();
            throw new IOException("ZooKeeper cannot listen on " + bind + ": " + e.getMessage(), e);
        }
        ZooKeeperServer server = new Watched(
                log,
                () -> broken.accept("ZooKeeper has stopped: its data directory " + data
                        + " cannot be written (is the disk full?), or one of its threads died; its log says which"));
        try {
            connections.startup(server);
            Guarded.watch(connections);
        } catch (IOException e) {
            connections.shutdown();
            throw new IOException(LogTail.explain(data, e), e);
        }
        return new EmbeddedZooKeeper(connections, server, purge(data));
    }

    /** Says when it has given itself up: the class that ZooKeeper has for this is not public. */
    private static final class Watched extends ZooKeeperServer {
        private final Runnable broken;

        Watched(FileTxnSnapLog log, Runnable broken) {
            super(log, TICK, 2 * TICK, 20 * TICK, -1, null, "");
            this.broken = broken;
        }

        @Override
        protected void setState(State state) {
            super.setState(state);
            if (state == State.ERROR) {
                broken.run();
            }
        }
    }

    /** @throws IOException if the address cannot be used */
    static ServerCnxnFactory listen(InetSocketAddress bind, Optional<Guard> guard) throws IOException {
        if (guard.isEmpty()) {
            return ServerCnxnFactory.createFactory(bind, CONNECTIONS_FROM_ONE_ADDRESS, BACKLOG);
        }
        tryOut(bind);
        Guarded.show(guard.get());
        ServerCnxnFactory connections = netty();
        connections.configure(bind, CONNECTIONS_FROM_ONE_ADDRESS, BACKLOG, true);
        guard.get()
                .revocations()
                .onChange(() -> Guarded.end(connections, guard.get().revocations()));
        return connections;
    }

    /** ZooKeeper asks for its class by a name that holds for the whole process, and others of this process are not guarded. */
    private static synchronized ServerCnxnFactory netty() throws IOException {
        System.setProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY, NettyServerCnxnFactory.class.getName());
        try {
            return ServerCnxnFactory.createFactory();
        } finally {
            System.clearProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY);
        }
    }

    /**
     * ZooKeeper itself would listen only later, and then try for ever in the background, or end the process.
     *
     * @throws IOException if the address cannot be used
     */
    static void tryOut(InetSocketAddress bind) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(bind);
        }
    }

    /** Starts to remove, from time to time, what newer snapshots have made superfluous. */
    static DatadirCleanupManager purge(Path data) {
        DatadirCleanupManager purge =
                new DatadirCleanupManager(data.toFile(), data.toFile(), SNAPSHOTS_KEPT, HOURS_BETWEEN_PURGES);
        purge.start();
        return purge;
    }

    public int port() {
        return connections.getLocalPort();
    }

    /** Ends a client's session as if it had been silent for too long. */
    void expire(long session) {
        server.closeSession(session);
    }

    /** Stops it. Sessions are not ended: their clients may go on when it is started again within their timeout. */
    @Override
    public void close() {
        purge.shutdown();
        connections.shutdown();
        server.shutdown();
        try {
            server.getTxnLogFactory().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("closing ZooKeeper's transaction log", e);
        }
    }
}
