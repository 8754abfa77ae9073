package dev.scc.cluster.server;

import dev.scc.cluster.Paths;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.audit.AuditKeeper;
import dev.scc.cluster.audit.AuditLog;
import dev.scc.cluster.audit.AuditTrail;
import dev.scc.cluster.controller.Controller;
import dev.scc.cluster.front.AuditService;
import dev.scc.cluster.front.NewServers;
import dev.scc.cluster.front.RootRotations;
import dev.scc.cluster.front.ServerService;
import dev.scc.cluster.front.TrustService;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.port.PortActuator;
import dev.scc.cluster.port.PortsFirst;
import dev.scc.cluster.reactor.Instance;
import dev.scc.cluster.reactor.ProcessEnd;
import dev.scc.cluster.reactor.Reactor;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.SignerProgram;
import dev.scc.cluster.verify.BackgroundVerifier;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.verify.Verifier;
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.world.RevocationWatch;
import dev.scc.cluster.world.RotationWatch;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.Ensemble;
import dev.scc.cluster.zk.EnsembleCheck;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.cluster.zk.EnsembleZooKeeper;
import dev.scc.cluster.zk.Guard;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.port.SwitchPort;
import dev.scc.host.DirectoryLock;
import dev.scc.host.ListeningChannels;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of a running server. */
public final class ServerProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);
    /** In a server's data directory. */
    public static final String AUDIT = "audit";

    /** In a server's data directory: tokens for servers. */
    private static final String NEW_SERVERS = "new-servers";

    /** How long a server may be silent before another leads, unless it is told otherwise. */
    public static final Duration SESSION = Duration.ofSeconds(6);

    /** A thousand agents answer at about the same time; a person does not notice. */
    private static final Duration GATHER = Duration.ofMillis(10);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final DirectoryLock lock;
    private final Optional<AutoCloseable> zooKeeper;
    private final String hosts;
    private final ZooKeeperTree tree;
    private final BackgroundVerifier verifier;
    private final Optional<PortActuator> ports;
    private final Reactor reactor;
    private final RevocationWatch revocations;
    private final Optional<RotationWatch> rotation;
    private final RpcServer api;
    private final AuditKeeper audit;

    private ServerProcess(
            DirectoryLock lock,
            Optional<AutoCloseable> zooKeeper,
            String hosts,
            ZooKeeperTree tree,
            BackgroundVerifier verifier,
            Optional<PortActuator> ports,
            Reactor reactor,
            RevocationWatch revocations,
            Optional<RotationWatch> rotation,
            RpcServer api,
            AuditKeeper audit) {
        this.audit = audit;
        this.revocations = revocations;
        this.rotation = rotation;
        this.lock = lock;
        this.zooKeeper = zooKeeper;
        this.hosts = hosts;
        this.tree = tree;
        this.verifier = verifier;
        this.ports = ports;
        this.reactor = reactor;
        this.api = api;
    }

    /**
     * Starts a server with a ZooKeeper of its own in it.
     *
     * @param data directory of its own; made if it is not there
     * @param bind where ZooKeeper listens; port 0 takes a free one
     * @param api where it listens for callers; port 0 takes a free one
     * @throws IOException if the directory or an address cannot be used; the message says which
     */
    public static ServerProcess embedded(
            Path data, InetSocketAddress bind, InetSocketAddress api, Security security, Timing timing)
            throws IOException, InterruptedException {
        return start(new TreeHome.Single(bind), api, data, SESSION, security, timing);
    }

    /** Starts a server that leaves switch ports alone. */
    public static ServerProcess start(
            TreeHome home, InetSocketAddress api, Path data, Duration session, Security security, Timing timing)
            throws IOException, InterruptedException {
        return start(home, api, data, session, security, Optional.empty(), Optional.empty(), timing);
    }

    /**
     * Starts a server.
     *
     * @param api where it listens for callers; port 0 takes a free one
     * @param data directory of its own; made if it is not there
     * @param switchPort sets the nodes' ports at the fabric's switches; empty if nothing does
     * @param signer has the keys of the pool's roots; empty if they are in the data directory
     * @param session how long this server may be silent before another leads; 2 to 20 s, at least 4 s with peers
     * @throws IOException if the directory or an address cannot be used, or another server uses the directory; the message
     *     says which
     */
    public static ServerProcess start(
            TreeHome home,
            InetSocketAddress api,
            Path data,
            Duration session,
            Security security,
            Optional<SwitchPort> switchPort,
            Optional<SignerProgram> signer,
            Timing timing)
            throws IOException, InterruptedException {
        // Two of them would spoil each other's logs, or depose each other without end: to the tree they are one server.
        DirectoryLock lock = DirectoryLock.acquire(data, "scc server");
        Optional<RpcServer> listening = Optional.empty();
        boolean started = false;
        try {
            // Before anything is changed: whoever has the port is told apart at once.
            Optional<Authority> authority = security.authority(home, data, signer);
            Connections connections = security.connections(home, authority);
            requireEnsemble(home, connections);
            RpcServer front = RpcServer.bind(ListeningChannels.ofThisProcess(), api, connections);
            listening = Optional.of(front);
            if (authority.isPresent()) {
                Administrator.admit(authority.get(), data);
            }
            AuditLog audit = AuditLog.open(data.resolve(AUDIT), AuditLog.Size.USUAL, InstantSource.system());
            AuditTrail trail = new AuditTrail(audit);
            connections.observe(trail);
            NewServers newServers = new NewServers(data.resolve(NEW_SERVERS), home.peers(), InstantSource.system());
            Front parts =
                    new Front(front, connections, authority, newServers, audit, trail, switchPort, () -> said(home));
            ServerProcess server = start(lock, parts, home, data, session, timing);
            started = true;
            return server;
        } finally {
            if (!started) {
                listening.ifPresent(RpcServer::close);
                lock.close();
            }
        }
    }

    /** What it is to callers. */
    private record Front(
            RpcServer api,
            Connections connections,
            Optional<Authority> authority,
            NewServers newServers,
            AuditLog audit,
            AuditTrail trail,
            Optional<SwitchPort> switchPort,
            TrustService.Place place) {
        Optional<Guard> guard() {
            return connections.credentials().map(shown -> new Guard(shown, connections.revocations(), trail::refused));
        }

        /** Of a server that signs. */
        Optional<RootRotations> rotations(ZooKeeperTree tree, Path data) {
            if (authority.isEmpty() || connections.credentials().isEmpty()) {
                return Optional.empty();
            }
            LiveCredentials shown = connections.credentials().get();
            return Optional.of(new RootRotations(
                    tree,
                    authority.get(),
                    new RootRotations.Self(
                            shown.current().principal(), api.address(), newServers.peers(), connections, () -> {
                                Security.reissue(authority.get(), shown);
                                Administrator.admit(authority.get(), data);
                            })));
        }

        AuditKeeper offer(
                ZooKeeperTree tree, KeptVerifications kept, String instance, Optional<RootRotations> rotations) {
            AuditKeeper keeper = AuditKeeper.start(tree, audit, trail, instance);
            List<ServerServiceDefinition> services = new ArrayList<>();
            services.add(new ServerService(
                            tree,
                            tree::connected,
                            connections,
                            kept,
                            switchPort.isPresent() ? Isolation.SWITCH_PORTS : Isolation.NODES_ALONE,
                            InstantSource.system())
                    .definition());
            rotations
                    .map(of -> new TrustService(
                            tree,
                            tree::connected,
                            authority.orElseThrow(),
                            newServers,
                            of,
                            api.address(),
                            place,
                            InstantSource.system()))
                    .map(TrustService::definition)
                    .ifPresent(services::add);
            services.add(new AuditService(tree, keeper, connections).definition());
            api.offer(services);
            return keeper;
        }
    }

    private static ServerProcess start(
            DirectoryLock lock, Front api, TreeHome home, Path data, Duration session, Timing timing)
            throws IOException, InterruptedException {
        Path own = data.resolve("zookeeper");
        return switch (home) {
            case TreeHome.Single(InetSocketAddress bind) -> {
                EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(
                        own, bind, api.guard(), why -> ProcessEnd.now(new IllegalStateException(why)));
                String host = bind.getAddress().isAnyLocalAddress()
                        ? "127.0.0.1"
                        : bind.getAddress().getHostAddress();
                String address = host + ":" + zooKeeper.port();
                yield control(
                        lock,
                        api,
                        Optional.of(zooKeeper),
                        address,
                        address,
                        new EnsembleDoor.Own(),
                        data,
                        session,
                        timing);
            }
            case TreeHome.Member(Ensemble ensemble, String name) ->
                control(
                        lock,
                        api,
                        Optional.of(EnsembleZooKeeper.start(own, ensemble, name, api.guard())),
                        ensemble.hosts(),
                        ensemble.member(name).address(),
                        new EnsembleDoor.Own(),
                        data,
                        session,
                        timing);
            case TreeHome.External(String hosts, EnsembleDoor door) ->
                control(lock, api, Optional.empty(), hosts, hosts, door, data, session, timing);
        };
    }

    /**
     * @param hosts all of ZooKeeper
     * @param nearest what the controller connects to: where there is a member in this process, that one, so that the silence
     *     of another server, which it would notice only after most of a session's time, is none of its business
     */
    private static ServerProcess control(
            DirectoryLock lock,
            Front front,
            Optional<AutoCloseable> zooKeeper,
            String hosts,
            String nearest,
            EnsembleDoor door,
            Path data,
            Duration session,
            Timing timing)
            throws IOException {
        String instance = Instance.of(data);
        ZooKeeperTree tree = TreeSessions.open(nearest, front.connections(), door, session);
        AtomicReference<Runnable> signal = new AtomicReference<>(() -> {});
        KeptVerifications kept = new KeptVerifications(data.resolve("verifications"));
        BackgroundVerifier verifier = new BackgroundVerifier(
                front.connections(),
                one -> kept.keep(one, false),
                () -> signal.get().run());
        Optional<PortActuator> ports = front.switchPort()
                .map(port -> new PortActuator(port, () -> signal.get().run()));
        if (ports.isEmpty()) {
            log.atWarn()
                    .log(
                            "no switch port is set here (--switch): that clusters do not see each other's RDMA network rests on their"
                                    + " nodes alone");
        }
        Reactor reactor = new Reactor(
                "controller",
                new Controller(
                        tree,
                        instance,
                        ports.<Verifier>map(set -> new PortsFirst(set, verifier))
                                .orElse(verifier),
                        ports.map(set -> set),
                        InstantSource.system(),
                        timing),
                Thread.ofPlatform(),
                GATHER);
        signal.set(reactor::signal);
        tree.onSession(ServerProcess::tell);
        tree.watch(Paths.ROOT, reactor::signal);
        RevocationWatch revocations =
                RevocationWatch.start(tree, front.connections().revocations());
        if (zooKeeper.isPresent() && front.guard().isPresent()) {
            Thread.ofVirtual().name("close-root").start(() -> closeRoot(tree));
        }
        Optional<RootRotations> rotations = front.rotations(tree, data);
        Optional<RotationWatch> rotationWatch = rotations.map(own -> RotationWatch.start(tree, own::isDone));
        AuditKeeper audit = front.offer(tree, kept, instance, rotations);
        reactor.start();
        log.atInfo()
                .addKeyValue("zookeeper", hosts)
                .addKeyValue("api", front.api().address())
                .log("server started");
        return new ServerProcess(
                lock, zooKeeper, hosts, tree, verifier, ports, reactor, revocations, rotationWatch, front.api(), audit);
    }

    /**
     * Whether an ensemble of somebody else's can be used, as far as that can be told before it is.
     *
     * @throws IOException if none of its members can, and one says so that is there
     */
    private static void requireEnsemble(TreeHome home, Connections connections) throws IOException {
        if (!(home instanceof TreeHome.External(String hosts, EnsembleDoor door))) {
            return;
        }
        log.atWarn()
                .addKeyValue("zookeeper", hosts)
                .log(
                        "ZooKeeper is somebody else's: whomever it lets in may change every entry of scc's, and with that every node");
        if (door instanceof EnsembleDoor.Tls tls) {
            List<EnsembleCheck.Found> all =
                    new EnsembleCheck(tls, connections.credentials().map(LiveCredentials::current)).of(hosts);
            List<EnsembleCheck.Found> wrong = all.stream()
                    .filter(found -> found.state() == EnsembleCheck.State.WRONG)
                    .toList();
            if (!wrong.isEmpty() && all.stream().noneMatch(found -> found.state() == EnsembleCheck.State.GOOD)) {
                throw new IOException("cannot use ZooKeeper over TLS: "
                        + wrong.stream().map(EnsembleCheck.Found::toString).collect(Collectors.joining("; ")));
            }
            wrong.forEach(found -> log.atWarn()
                    .addKeyValue("zookeeper", found.host())
                    .addKeyValue("why", found.why())
                    .log("a member of ZooKeeper's ensemble cannot be used"));
        }
    }

    private static TrustRpc.EnsembleSaid said(TreeHome home) throws IOException {
        return switch (home) {
            case TreeHome.External(String hosts, EnsembleDoor.Tls(Path trust, Optional<Path> _)) ->
                new TrustRpc.EnsembleSaid(
                        Optional.of(new TrustRpc.ForeignEnsemble(hosts, Optional.of(Files.readString(trust)))));
            case TreeHome.External(String hosts, EnsembleDoor _) ->
                new TrustRpc.EnsembleSaid(Optional.of(new TrustRpc.ForeignEnsemble(hosts, Optional.empty())));
            case TreeHome.Single _, TreeHome.Member _ -> new TrustRpc.EnsembleSaid(Optional.empty());
        };
    }

    /** Waits for as long as it takes: no entry of scc's is open meanwhile. */
    private static void closeRoot(ZooKeeperTree tree) {
        try {
            while (!tree.awaitConnected(LOOK_AGAIN)) {
                log.atTrace().log("not connected yet");
            }
            tree.closeRoot();
        } catch (ConnectionLost e) {
            log.atWarn().setCause(e).log("what is above scc's entries is open until this server starts again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(SessionState state) {
        switch (state) {
            case CONNECTED -> log.atInfo().log("ZooKeeper answers");
            case SUSPENDED -> log.atWarn().log("ZooKeeper does not answer; nothing is decided here until it does");
            case LOST -> log.atWarn().log("session with ZooKeeper is over; another server may lead");
        }
    }

    /** Where callers find this server, as seen from this machine. */
    public String address() {
        return api.address();
    }

    /** Where agents find ZooKeeper, as seen from this machine. */
    public String hosts() {
        return hosts;
    }

    @Override
    public void close() {
        api.close();
        audit.close();
        revocations.close();
        rotation.ifPresent(RotationWatch::close);
        reactor.close();
        ports.ifPresent(PortActuator::close);
        verifier.close();
        tree.close();
        zooKeeper.ifPresent(ServerProcess::stop);
        lock.close();
        log.atInfo().log("server stopped");
    }

    private static void stop(AutoCloseable zooKeeper) {
        try {
            zooKeeper.close();
        } catch (Exception e) {
            log.atWarn().setCause(e).log("ZooKeeper did not stop cleanly");
        }
    }
}
