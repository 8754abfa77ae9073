package dev.scc.job.keeper;

import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.host.DirectoryLock;
import dev.scc.host.Location;
import dev.scc.job.Entitlement;
import dev.scc.job.Tasks;
import dev.scc.job.history.HistoryLimits;
import dev.scc.job.history.JobHistory;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.NodeSettings;
import dev.scc.job.node.Strays;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a running keeper. It ends when it is told to, which ends its jobs; or by itself, when it has no jobs, all that
 * it knows of jobs is on the disk, and its agent has been away for a minute.
 */
public final class KeeperProcess implements AutoCloseable {
    /** What holds the lock on a keeper's directory. */
    static final String WHAT = "scc keeper";

    private static final Logger log = LoggerFactory.getLogger(KeeperProcess.class);
    private static final Duration ABANDONED = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private record Kept(
            KeeperSpec.Node node,
            Keeper keeper,
            LiveCredentials credentials,
            RevocationFollower putOut,
            RpcServer server) {}

    private final DirectoryLock lock;
    private final NodeAudit audit;
    private final Gate gate = new Gate(Tasks.ofThreads());
    private final Keeper.Rooms rooms = Keeper.Rooms.inOneProcess();
    private final CountDownLatch unwanted = new CountDownLatch(1);
    private final List<Kept> nodes = new CopyOnWriteArrayList<>();
    private volatile long attended = System.nanoTime();

    private KeeperProcess(DirectoryLock lock, NodeAudit audit) {
        this.lock = lock;
        this.audit = audit;
    }

    /**
     * Starts it.
     *
     * @param directory with its spec, written by {@link KeeperDaemon}
     * @throws IOException if another keeper has the directory, or an address cannot be bound
     */
    public static KeeperProcess start(Path directory) throws IOException {
        KeeperSpec spec = KeeperSpec.read(directory);
        KeeperProcess process = locked(directory);
        StartFailure.clear(directory);
        boolean started = false;
        Strays strays = Strays.ofThisProcess(
                spec.nodes().stream().map(node -> Path.of(node.cgroups())).toList());
        try {
            Map<String, String> addresses = new HashMap<>();
            for (KeeperSpec.Node node : spec.nodes()) {
                addresses.put(
                        node.node().value(),
                        process.keep(node, Duration.ofSeconds(spec.clientSilence()), strays, directory));
            }
            KeeperAddress.own(spec, addresses).write(directory);
            log.atInfo().addKeyValue("nodes", addresses).log("keeper of jobs started");
            // Only now can an agent find it; on a node whose processors are all taken the start alone took most of a
            // minute.
            process.attended = System.nanoTime();
            started = true;
            return process;
        } catch (IOException e) {
            StartFailure.write(directory, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            if (!started) {
                process.close();
            }
        }
    }

    private static KeeperProcess locked(Path directory) throws IOException {
        DirectoryLock lock = DirectoryLock.acquire(directory, WHAT);
        try {
            return new KeeperProcess(lock, NodeAudit.open(directory));
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private String keep(KeeperSpec.Node node, Duration clientSilence, Strays strays, Path directory)
            throws IOException {
        NodeSettings settings = node.settings();
        LiveCredentials credentials = node.read();
        Connections connections = Connections.as(credentials);
        audit.observe(connections);
        Keeper keeper = new Keeper(
                node.node(),
                settings,
                LeadSettings.usual(connections),
                new Entitlement(node.node(), connections, InstantSource.system()),
                rooms,
                new AgentServing(node.node(), node.agent(), connections),
                strays,
                JobHistory.open(
                        KeeperPlace.history(directory, node.node()), HistoryLimits.usual(), InstantSource.system()),
                gate,
                this::attend);
        RpcServer server = bind(settings.location(), node, connections, clientSilence);
        RevocationFollower putOut = RevocationFollower.start(node.node(), node.agent(), connections);
        nodes.add(new Kept(node, keeper, credentials, putOut, server));
        server.offer(keeper.services());
        return node.address() + ":" + server.port();
    }

    private static RpcServer bind(
            Location location, KeeperSpec.Node node, Connections connections, Duration clientSilence)
            throws IOException {
        InetAddress address = InetAddress.ofLiteral(node.address().toString());
        try {
            return RpcServer.bind(
                    location.channels(), new InetSocketAddress(address, node.port()), connections, clientSilence);
        } catch (IOException e) {
            Optional<String> holder = PortHolder.of(location.network(), node.address(), node.port());
            throw holder.isEmpty()
                    ? e
                    : new IOException(
                            "port " + node.port() + " of " + node.address() + ", where node " + node.node()
                                    + " keeps its jobs, is taken by " + holder.get(),
                            e);
        }
    }

    private KeeperRpc.Attended attend(KeeperRpc.Attend attend) {
        attended = System.nanoTime();
        boolean ends = attend.endIfIdle() && gate.closeIfEmpty(this::isWritten);
        if (ends) {
            unwanted.countDown();
        }
        return new KeeperRpc.Attended(ends);
    }

    /** What a full disk has not taken yet would be gone with this process. */
    private boolean isWritten() {
        return nodes.stream().allMatch(kept -> kept.keeper().isWritten());
    }

    /**
     * Returns when nobody needs it any more.
     *
     * @throws InterruptedException if it is told to end
     */
    public void awaitUnwanted() throws InterruptedException {
        while (!unwanted.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - attended > ABANDONED.toNanos() && gate.closeIfEmpty(this::isWritten)) {
                log.atInfo().log("no jobs, and no agent for a minute");
                return;
            }
            takeUpCredentials();
        }
    }

    private void takeUpCredentials() {
        for (Kept kept : nodes) {
            try {
                kept.node().takeUp(kept.credentials());
            } catch (IOException | IllegalArgumentException e) {
                log.atWarn()
                        .addKeyValue("node", kept.node().node())
                        .addKeyValue("why", e.getMessage())
                        .log("the credentials of the keeper of jobs are not taken up");
            }
        }
    }

    /** Ends all jobs, then itself. */
    @Override
    public void close() {
        gate.close();
        try {
            for (Kept kept : nodes) {
                List<String> stubborn = kept.keeper()
                        .endAll("the keeper of jobs on node " + kept.node().node() + " was told to end")
                        .names();
                if (!stubborn.isEmpty()) {
                    log.atError().addKeyValue("left", stubborn).log("jobs do not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        nodes.forEach(kept -> {
            kept.putOut().close();
            kept.server().close();
        });
        audit.close();
        lock.close();
        log.atInfo().log("keeper of jobs ended");
    }
}
