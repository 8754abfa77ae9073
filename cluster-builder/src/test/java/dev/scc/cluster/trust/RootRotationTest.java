package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Paths;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.api.TrustRpc.RotationStep;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.Renewal;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.host.net.MemoryMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real server, an agent and a person go on while a root is replaced under them. */
@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class RootRotationTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Principal N1 = new Principal(Role.NODE, "n1");
    private static final Principal N9 = new Principal(Role.NODE, "n9");
    private static final Principal ADA = new Principal(Role.OPERATOR, "ada");

    @TempDir
    Path directory;

    private ServerProcess server;
    private Path data;
    private LiveCredentials node;
    private LiveCredentials ada;
    private Connections hers;
    private Renewal renewal;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        data = directory.resolve("server");
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        await().atMost(LONG).ignoreExceptions().until(() -> admin().people().isEmpty());
        node = new LiveCredentials(Membership.join(token(N1), LONG));
        ada = new LiveCredentials(Membership.join(token(ADA), LONG));
        hers = Connections.as(ada);
        Connections its = Connections.as(node);
        renewal = Renewal.start(node, its, server.address(), directory.resolve("n1.pem"));
        Nic underlay = new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of("127.0.0.11/8"));
        agent = AgentProcess.start(
                new AgentSettings(
                        server.hosts(),
                        new NodeName("n1"),
                        "eth0",
                        "eth1",
                        directory.resolve("n1"),
                        0,
                        "1",
                        new EnsembleDoor.Own()),
                its,
                new MemoryMachine(List.of("eth0", "eth1")),
                new KernelNetwork("eth0"),
                () -> NodeInventory.of("test", 1, 1, List.of(underlay), List.of()),
                (plan, passedOver, results) -> {
                    throw new CannotVerify("no RDMA here");
                },
                List.of());
    }

    @AfterEach
    void stop() {
        agent.close();
        renewal.close();
        server.close();
    }

    private TrustClient admin() throws IOException {
        return TrustClient.to(
                server.address(),
                Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS)))),
                LONG);
    }

    private JoinToken token(Principal whom) throws Exception {
        try (TrustClient admin = admin()) {
            return JoinToken.parse(admin.invite(
                            whom,
                            Optional.empty(),
                            Duration.ofMinutes(10),
                            whom.role().isPerson() ? Optional.of(Rights.NONE) : Optional.empty())
                    .text());
        }
    }

    private void rotate(Root root, RotationStep step, boolean force) throws Exception {
        try (TrustClient admin = admin()) {
            admin.rotate(root, step, force);
        }
    }

    private TrustRpc.RootsSaid roots() throws Exception {
        try (TrustClient admin = admin()) {
            return admin.roots();
        }
    }

    private void sheRenews() throws Exception {
        ada.renew(Membership.renew(server.address(), hers, ADA));
    }

    private void awaitOnlyShe() {
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(roots().behind()).containsExactly(ADA));
    }

    private static boolean calls(Connections as, String server) throws InterruptedException {
        try (RpcChannel channel = as.to(Peer.server(server))) {
            channel.call(ServerRpc.NODES, new ServerRpc.Nothing(), Duration.ofSeconds(20));
            return true;
        } catch (RpcFailed e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Root.class)
    void everybodyGoesOnAndAfterTheDropTheOldRootCountsForNothing(Root root) throws Exception {
        Authority then = Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
        Credentials missed = then.issue(N9, DAY);
        Credentials oldHers = ada.current();
        X509Certificate oldServer =
                then.issue(new Principal(Role.SERVER, "server"), DAY).certificate();
        long session = sessionOfTheAgent(then);
        try (RpcChannel channel = hers.to(Peer.server(server.address()));
                RpcCall<ServerRpc.Events, EventSaid> stream = channel.open(ServerRpc.EVENTS, Optional.empty())) {
            stream.send(new ServerRpc.Events("", true, 200));
            stream.sendNoMore();

            rotate(root, RotationStep.BEGIN, false);

            // The old one signs, and the agent has learnt of the new one by itself. She has not.
            awaitOnlyShe();
            assertThat(node.current().roots().of(root)).hasSize(2);
            assertThatThrownBy(() -> rotate(root, RotationStep.CHANGE, false))
                    .isInstanceOf(UserMistake.class)
                    .hasMessageContaining("operator:ada have not heard of the new root");
            assertThatThrownBy(() -> rotate(root, RotationStep.DROP, false)).hasMessageContaining("not at that point");
            sheRenews();

            rotate(root, RotationStep.CHANGE, false);

            awaitOnlyShe();
            assertThat(calls(hers, server.address())).isTrue();
            assertThatThrownBy(() -> rotate(root, RotationStep.DROP, false))
                    .hasMessageContaining("operator:ada still have a certificate of the old root");
            // Who was away all the time comes back: the old root vouches for the new one.
            Connections away = Connections.as(new LiveCredentials(missed));
            assertThat(Membership.renew(server.address(), away, N9)
                            .roots()
                            .of(root)
                            .getFirst())
                    .isEqualTo(node.current().roots().of(root).getFirst())
                    .isNotEqualTo(missed.roots().of(root).getFirst());
            sheRenews();
            assertThat(roots().behind()).isEmpty();
            assertThat(stream.next(LONG)).isPresent();

            rotate(root, RotationStep.DROP, false);

            await().atMost(LONG).until(() -> node.current().roots().of(root).size() == 1);
            assertThat(calls(Connections.as(new LiveCredentials(oldHers)), server.address()))
                    .isFalse();
            assertThat(calls(hers, server.address()) || root == Root.SERVERS).isTrue();
            sheRenews();
            assertThat(calls(hers, server.address())).isTrue();
            if (root == Root.SERVERS) {
                PeerTrust trust = new PeerTrust(() -> node.current().roots(), _ -> true, "anybody");
                assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[] {oldServer}, "EC"))
                        .isInstanceOf(CertificateException.class);
            }
        }
        // The agent's session has outlived it all.
        Authority now = Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
        assertThat(now.roots().of(root))
                .hasSize(1)
                .doesNotContainAnyElementsOf(then.roots().of(root));
        assertThat(sessionOfTheAgent(now)).isEqualTo(session);
    }

    /** The one that holds the entry by which the node lives. */
    private long sessionOfTheAgent(Authority authority) {
        String alive = Paths.alive(new NodeName("n1"));
        Connections looking =
                Connections.as(new LiveCredentials(authority.issue(new Principal(Role.SERVER, "x"), DAY)));
        try (ZooKeeperTree tree = TreeSessions.open(server.hosts(), looking, LONG)) {
            return await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> tree.get(alive).orElseThrow().owner(), owner -> owner != 0);
        }
    }
}
