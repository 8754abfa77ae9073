package dev.scc.cluster.server;

import dev.scc.cluster.Paths;
import dev.scc.cluster.controller.Controller;
import dev.scc.cluster.controller.Timing;
import dev.scc.cluster.reactor.Instance;
import dev.scc.cluster.reactor.Reactor;
import dev.scc.cluster.verify.BackgroundVerifier;
import dev.scc.cluster.zk.CuratorTree;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of a running server. */
public final class ServerProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final Optional<EmbeddedZooKeeper> zooKeeper;
    private final String hosts;
    private final CuratorTree tree;
    private final BackgroundVerifier verifier;
    private final Reactor reactor;

    private ServerProcess(
            Optional<EmbeddedZooKeeper> zooKeeper,
            String hosts,
            CuratorTree tree,
            BackgroundVerifier verifier,
            Reactor reactor) {
        this.zooKeeper = zooKeeper;
        this.hosts = hosts;
        this.tree = tree;
        this.verifier = verifier;
        this.reactor = reactor;
    }

    /**
     * Starts a server with ZooKeeper in it.
     *
     * @param data directory of its own; made if it is not there
     * @param bind where ZooKeeper listens; port 0 takes a free one
     */
    public static ServerProcess embedded(Path data, InetSocketAddress bind, Timing timing)
            throws IOException, InterruptedException {
        EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(data.resolve("zookeeper"), bind);
        String host = bind.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : bind.getAddress().getHostAddress();
        return start(Optional.of(zooKeeper), host + ":" + zooKeeper.port(), data, timing);
    }

    /**
     * Starts a server on an ensemble that is there already.
     *
     * @param hosts of the ensemble, {@code host:port} with commas between them
     * @param data directory of its own; made if it is not there
     */
    public static ServerProcess external(String hosts, Path data, Timing timing) throws IOException {
        return start(Optional.empty(), hosts, data, timing);
    }

    private static ServerProcess start(Optional<EmbeddedZooKeeper> zooKeeper, String hosts, Path data, Timing timing)
            throws IOException {
        String instance = Instance.of(data);
        CuratorTree tree = CuratorTree.open(hosts, SESSION);
        AtomicReference<Runnable> signal = new AtomicReference<>(() -> {});
        BackgroundVerifier verifier = new BackgroundVerifier(() -> signal.get().run());
        Reactor reactor =
                new Reactor("controller", new Controller(tree, instance, verifier, InstantSource.system(), timing));
        signal.set(reactor::signal);
        tree.watch(Paths.ROOT, reactor::signal);
        reactor.start();
        log.atInfo().addKeyValue("zookeeper", hosts).log("server started");
        return new ServerProcess(zooKeeper, hosts, tree, verifier, reactor);
    }

    /** Where clients and agents find ZooKeeper, as seen from this machine. */
    public String hosts() {
        return hosts;
    }

    @Override
    public void close() {
        reactor.close();
        verifier.close();
        tree.close();
        zooKeeper.ifPresent(EmbeddedZooKeeper::close);
        log.atInfo().log("server stopped");
    }
}
