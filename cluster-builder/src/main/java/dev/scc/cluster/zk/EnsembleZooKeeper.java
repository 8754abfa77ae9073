package dev.scc.cluster.zk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;

/** One member of a ZooKeeper ensemble, in this process. It answers clients while a majority of the members is there. */
public final class EnsembleZooKeeper implements AutoCloseable {
    /** The only election that ZooKeeper still has. */
    private static final int FAST_ELECTION = 3;

    /** In ticks: how long a member may take to catch up with a new leader. */
    private static final int CATCHING_UP = 20;

    /** In ticks: how long a leader and its followers may not hear from each other. Shorter than a server's session. */
    private static final int SILENCE = 3;

    private final QuorumPeer peer;
    private final DatadirCleanupManager purge;

    private EnsembleZooKeeper(QuorumPeer peer, DatadirCleanupManager purge) {
        this.peer = peer;
        this.purge = purge;
    }

    /**
     * Starts a member and returns at once; the others may start at any time.
     *
     * @param data directory of its own; made if it is not there
     * @param name of this member
     * @param guard what it shows, and whom it lets others in; empty if everybody may do everything
     * @throws IOException if the directory or an address cannot be used; the message says which
     * @throws IllegalArgumentException if there is no member of that name
     */
    public static EnsembleZooKeeper start(Path data, Ensemble ensemble, String name, Optional<Guard> guard)
            throws IOException {
        Limits.apply();
        EnsembleMember self = ensemble.member(name);
        Files.createDirectories(data);
        DataOwner.claim(data, ensemble, name);
        LogTail.mend(data);
        for (int port : List.of(self.followers(), self.votes())) {
            tryOut(self, port);
        }
        ServerCnxnFactory connections = listen(self, guard);
        Map<Long, QuorumServer> servers = new HashMap<>();
        for (EnsembleMember member : ensemble.members()) {
            long id = ensemble.id(member.name());
            servers.put(
                    id,
                    new QuorumServer(
                            id,
                            address(member, member.followers()),
                            address(member, member.votes()),
                            QuorumPeer.LearnerType.PARTICIPANT));
        }
        QuorumPeer peer;
        try {
            peer = new QuorumPeer(
                    servers,
                    data.toFile(),
                    data.toFile(),
                    FAST_ELECTION,
                    ensemble.id(name),
                    EmbeddedZooKeeper.TICK,
                    CATCHING_UP,
                    SILENCE,
                    CATCHING_UP,
                    false,
                    connections,
                    new QuorumMaj(servers));
            if (guard.isPresent()) {
                QuorumTls.show(guard.get().credentials());
                peer.setSslQuorum(true);
            }
            peer.initConfigInZKDatabase();
            peer.start();
            Guarded.watch(connections);
        } catch (IOException | RuntimeException e) {
            connections.shutdown();
            throw new IOException(LogTail.explain(data, e), e);
        }
        return new EnsembleZooKeeper(peer, EmbeddedZooKeeper.purge(data));
    }

    private static ServerCnxnFactory listen(EnsembleMember self, Optional<Guard> guard) throws IOException {
        InetSocketAddress bind = address(self, self.clients());
        try {
            return EmbeddedZooKeeper.listen(bind, guard);
        } catch (IOException e) {
            throw new IOException("ZooKeeper cannot listen on " + bind + ": " + e.getMessage(), e);
        }
    }

    private static void tryOut(EnsembleMember self, int port) throws IOException {
        try {
            EmbeddedZooKeeper.tryOut(address(self, port));
        } catch (IOException e) {
            throw new IOException(
                    "ZooKeeper cannot listen on " + self.host() + ":" + port + " for its peers: " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress address(EnsembleMember member, int port) {
        return new InetSocketAddress(member.host(), port);
    }

    /** Stops it. Sessions go on at the other members. */
    @Override
    public void close() {
        purge.shutdown();
        peer.shutdown();
        try {
            peer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
