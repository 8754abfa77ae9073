package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.FreePorts;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.ForeignKeys;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.EnsembleCheck.Found;
import dev.scc.cluster.zk.EnsembleCheck.State;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.host.net.MemoryMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.apache.zookeeper.server.NettyServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stock ZooKeeper in a process of its own, with TLS of its own authority, that asks everybody for a certificate. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignEnsembleTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration DAY = Duration.ofDays(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    static Path directory;

    private ForeignAuthority theirs;
    private Authority ours;
    private Process zooKeeper;
    private int plain;
    private int secure;

    @BeforeAll
    void start() throws Exception {
        theirs = new ForeignAuthority(directory, "theirs");
        ours = Authority.open(directory.resolve("server").resolve(Security.AUTHORITY), InstantSource.system());
        Iterator<Integer> ports = FreePorts.several(2).iterator();
        plain = ports.next();
        secure = ports.next();
        // Whom it lets in: those of its own authority, and scc's servers and nodes.
        Path clients = Files.writeString(
                directory.resolve("clients.pem"),
                theirs.pem()
                        + Arrays.stream(Root.values())
                                .flatMap(root -> ours.roots().of(root).stream())
                                .map(ForeignAuthority::pem)
                                .collect(Collectors.joining()));
        Path config = Files.writeString(
                directory.resolve("zoo.cfg"),
                String.join(
                        "\n",
                        "dataDir=" + directory.resolve("zookeeper"),
                        "tickTime=1000",
                        "clientPort=" + plain,
                        "clientPortAddress=127.0.0.1",
                        "secureClientPort=" + secure,
                        "secureClientPortAddress=127.0.0.1",
                        "serverCnxnFactory=" + NettyServerCnxnFactory.class.getName(),
                        "ssl.keyStore.location="
                                + theirs.identity("localhost", Instant.now().plus(DAY)),
                        "ssl.keyStore.type=PEM",
                        "ssl.trustStore.location=" + clients,
                        "ssl.trustStore.type=PEM",
                        "ssl.clientAuth=need",
                        "admin.enableServer=false"));
        zooKeeper = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ZooKeeperServerMain.class.getName(),
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("zookeeper.log").toFile())
                .start();
        await().atMost(LONG).until(() -> listens(plain) && listens(secure));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    void stop() {
        zooKeeper.destroyForcibly();
        zooKeeper.onExit().join();
    }

    private EnsembleDoor.Tls door() throws Exception {
        return new EnsembleDoor.Tls(theirs.trust(), Optional.empty());
    }

    private static Found check(EnsembleDoor.Tls door, Optional<Credentials> shown, String host) {
        return new EnsembleCheck(door, shown).of(host).getFirst();
    }

    private Optional<Credentials> shown() {
        return Optional.of(ours.issue(new Principal(Role.NODE, "n9"), DAY));
    }

    @Test
    void serversAndNodesUseItByTheirOwnCertificatesAndNodesNeedNotBeToldWhereItIs() throws Exception {
        Path data = directory.resolve("server");
        String hosts = "localhost:" + secure;
        try (ServerProcess server = ServerProcess.start(
                new TreeHome.External(hosts, door()),
                ANY,
                data,
                ServerProcess.SESSION,
                Security.GUARDED,
                Timing.usual())) {
            Connections own = Connections.as(new LiveCredentials(ours.issue(new Principal(Role.NODE, "n1"), DAY)));
            TrustRpc.ForeignEnsemble told =
                    Membership.ensemble(server.address(), own).orElseThrow();
            assertThat(told).isEqualTo(new TrustRpc.ForeignEnsemble(hosts, Optional.of(theirs.pem())));
            Path trust = Files.writeString(
                    directory.resolve("told.pem"), told.trust().orElseThrow());
            Nic underlay = new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of("127.0.0.11/8"));
            Connections administrator =
                    Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS))));
            try (AgentProcess agent = AgentProcess.start(
                            new AgentSettings(
                                    told.hosts(),
                                    new NodeName("n1"),
                                    "eth0",
                                    "eth1",
                                    directory.resolve("n1"),
                                    0,
                                    "1",
                                    new EnsembleDoor.Tls(trust, Optional.empty())),
                            own,
                            new MemoryMachine(List.of("eth0", "eth1")),
                            new KernelNetwork("eth0"),
                            () -> NodeInventory.of("test", 1, 1, List.of(underlay), List.of()),
                            (_, _, _) -> {
                                throw new CannotVerify("no RDMA here");
                            },
                            List.of());
                    ClusterClient client = ClusterClient.to(server.address(), administrator, LONG)) {
                await().atMost(LONG)
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(client.nodes().nodes())
                                .singleElement()
                                .satisfies(node -> assertThat(node.state()).isEqualTo(NodeState.FREE)));
                assertThat(agent.served()).isEmpty();
                assertThat(new AuditClient(server.address(), administrator, LONG)
                                .tree()
                                .guarded())
                        .isFalse();
            }
        }
    }

    @Test
    void whoShowsAnIdentityThatItAcceptsIsLetIn() throws Exception {
        EnsembleDoor.Tls door = new EnsembleDoor.Tls(
                theirs.trust(),
                Optional.of(theirs.identity("client", Instant.now().plus(DAY))));
        door.check();

        assertThat(check(door, Optional.empty(), "localhost:" + secure))
                .isEqualTo(new Found("localhost:" + secure, State.GOOD, ""));
        try (ZooKeeperTree tree = TreeSessions.open("localhost:" + secure, Connections.plain(), door, LONG)) {
            assertThat(tree.awaitConnected(LONG)).isTrue();
            assertThat(tree.guarded()).isFalse();
        }
    }

    /** Class of hole: a good certificate of somebody else (CWE-297). */
    @Test
    void zooKeepersClientGoesToNoHostThatTheCertificateIsNotFor() throws Exception {
        try (ZooKeeperTree other = TreeSessions.open(
                        "127.0.0.1:" + secure,
                        Connections.as(new LiveCredentials(shown().orElseThrow())),
                        door(),
                        LONG);
                ZooKeeperTree right = TreeSessions.open(
                        "localhost:" + secure,
                        Connections.as(new LiveCredentials(shown().orElseThrow())),
                        door(),
                        LONG)) {
            assertThat(right.awaitConnected(LONG)).isTrue();
            assertThat(other.awaitConnected(Duration.ofSeconds(1))).isFalse();
        }
    }

    @Test
    void whatIsWrongIsToldApart() throws Exception {
        ForeignAuthority others = new ForeignAuthority(directory, "others");
        EnsembleDoor.Tls wrong = new EnsembleDoor.Tls(others.trust(), Optional.empty());
        int nobody = FreePorts.several(1).iterator().next();

        assertThat(check(door(), shown(), "localhost:" + secure).state()).isEqualTo(State.GOOD);
        assertThat(check(wrong, shown(), "localhost:" + secure))
                .returns(State.WRONG, Found::state)
                .asString()
                .contains("signed by nobody of " + others.trust(), "but by CN=theirs");
        assertThat(check(door(), shown(), "127.0.0.1:" + secure))
                .returns(State.WRONG, Found::state)
                .asString()
                .contains("its certificate is not for 127.0.0.1");
        assertThat(check(door(), shown(), "localhost:" + plain))
                .returns(State.WRONG, Found::state)
                .asString()
                .contains("plain text", "secureClientPort");
        assertThat(check(door(), Optional.empty(), "localhost:" + secure))
                .returns(State.WRONG, Found::state)
                .asString()
                .contains("asks for a certificate", "--zookeeper-identity");
        assertThat(check(door(), shown(), "localhost:" + nobody).state()).isEqualTo(State.AWAY);
        assertThat(check(door(), shown(), "localhost").why()).contains("no HOST:PORT");
    }

    @Test
    void anExpiredCertificateIsToldWithItsTime() throws Exception {
        Instant end = Instant.now().minus(DAY);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(ForeignKeys.identity(theirs.identity("localhost", end)), null, null);
        try (SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket one = socket.accept()) {
                    one.getInputStream().read();
                } catch (IOException e) {
                    // The other end goes as soon as it has seen the certificate.
                }
            });

            assertThat(check(door(), shown(), "localhost:" + socket.getLocalPort()))
                    .returns(State.WRONG, Found::state)
                    .asString()
                    .contains("has expired at " + end.toString().substring(0, 16));
        }
    }

    @Test
    void aServerSaysAtItsStartWhyItCannotUseTheEnsembleAndLeavesItsDirectoryFree() throws Exception {
        Path data = directory.resolve("other");

        assertThatThrownBy(() -> ServerProcess.start(
                        new TreeHome.External("127.0.0.1:" + secure + ",localhost:" + plain, door()),
                        ANY,
                        data,
                        ServerProcess.SESSION,
                        Security.GUARDED,
                        Timing.usual()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + secure + ": its certificate is not for 127.0.0.1")
                .hasMessageContaining("localhost:" + plain + ": it speaks plain text");
    }

    /** Class of hole: world-readable secrets (CWE-732). */
    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws Exception {
        Path identity = theirs.identity("open", Instant.now().plus(DAY));
        Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(new EnsembleDoor.Tls(theirs.trust(), Optional.of(identity))::check)
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("chmod 600");
        assertThatThrownBy(new EnsembleDoor.Tls(theirs.trust(), Optional.of(theirs.trust()))::check)
                .isInstanceOf(UserMistake.class)
                .hasMessageNotContaining("PRIVATE");
    }
}
