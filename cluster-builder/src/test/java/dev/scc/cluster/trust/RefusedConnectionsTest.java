package dev.scc.cluster.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.AuditClient;
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
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What administrators learn of those who do not even get as far as a call. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class RefusedConnectionsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Principal N1 = new Principal(Role.NODE, "n1");
    private static final String CONNECT = "scc.Connection/Open";

    @TempDir
    static Path directory;

    private ServerProcess server;
    private Path keys;
    private Authority authority;
    private Connections admin;

    @BeforeAll
    void start() throws Exception {
        Path data = directory.resolve("server");
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        keys = data.resolve(Security.AUTHORITY);
        authority = Authority.open(keys, InstantSource.system());
        admin = Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS))));
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> !audit().verify().servers().isEmpty());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private AuditClient audit() {
        return new AuditClient(server.address(), admin, LONG);
    }

    /** The latest entries about connections, as door, caller and reason. */
    private List<String> told() throws Exception {
        List<AuditList.Row> rows = audit().recent().list().entries().stream()
                .filter(row -> row.method().equals(CONNECT))
                .toList();
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.from()).matches("127\\.0\\.0\\.1:[0-9]+");
            assertThat(row.ending()).isEqualTo("NOT_ENTITLED");
        });
        return rows.stream()
                .map(row -> row.about() + " " + row.who() + ": " + row.why())
                .toList();
    }

    private void awaitTold(String one) {
        await().atMost(LONG).untilAsserted(() -> assertThat(told()).contains(one));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private Map<Credentials, String> strangers() throws Exception {
        Map<Credentials, String> all = new LinkedHashMap<>();
        String unsigned = "the certificate of node:n1 is not signed by the root of members of this pool";
        all.put(Strangers.foreign(directory.resolve("foreign"), authority, N1), unsigned);
        all.put(Strangers.ofTheOtherRoot(keys, N1), unsigned);
        all.put(Strangers.expired(keys, N1), "NotAfter: ");
        return all;
    }

    /** Class of hole: a break-in that is tried ten thousand times and seen by nobody. */
    @Test
    void whoShowsWhatDoesNotCountIsNamedAtTheApi() throws Exception {
        for (Map.Entry<Credentials, String> each : strangers().entrySet()) {
            int before = told().size();
            try (RpcChannel channel =
                            Connections.as(new LiveCredentials(each.getKey())).to(Peer.server(server.address()));
                    RpcCall<?, ?> call = channel.open(ServerRpc.NODES, Optional.of(LONG))) {
                call.sendNoMore();
                call.next();
                throw new AssertionError("served");
            } catch (RpcFailed e) {
                assertThat(e.kind()).isEqualTo(RpcFailed.Kind.UNREACHABLE);
            }
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(told().subList(before, told().size()))
                            .anySatisfy(row -> assertThat(row).startsWith("api unknown: " + each.getValue())));
        }
    }

    @Test
    void whoShowsWhatDoesNotCountIsNamedAtZooKeepersPort() throws Exception {
        Map<Credentials, String> all = strangers();
        all.put(authority.issue(new Principal(Role.ADMIN, "ada"), DAY), "this is admin:ada, not a server or a node");
        for (Map.Entry<Credentials, String> each : all.entrySet()) {
            int before = told().size();
            try (ZooKeeperTree tree =
                    TreeSessions.openLean(server.hosts(), Connections.as(new LiveCredentials(each.getKey())), LONG)) {
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(told().subList(before, told().size()))
                                .anySatisfy(
                                        row -> assertThat(row).startsWith("zookeeper unknown: " + each.getValue())));
                assertThat(tree.connected()).isFalse();
            }
        }
    }

    @Test
    void plainTextAndNoCertificateAreNamedToo() throws Exception {
        for (String address : List.of(server.address(), server.hosts())) {
            String door = address.equals(server.hosts()) ? "zookeeper" : "api";
            try (Socket socket = new Socket(ANY.getAddress(), port(address))) {
                socket.getOutputStream().write("my secret is 1234\r\n\r\n".getBytes(US_ASCII));
                awaitTold(door + " unknown: it does not speak TLS");
            }
        }
        try (Socket socket = Strangers.tls().createSocket(ANY.getAddress(), port(server.hosts()))) {
            socket.getOutputStream().write(0);
            awaitTold("zookeeper unknown: Empty client certificate chain");
        } catch (IOException e) {
            awaitTold("zookeeper unknown: Empty client certificate chain");
        }
        assertThat(told()).noneMatch(row -> row.contains("1234"));
    }

    @Test
    void whoIsRevokedIsNamedByName() throws Exception {
        Principal n2 = new Principal(Role.NODE, "n2");
        Connections hers = Connections.as(new LiveCredentials(authority.issue(n2, DAY)));
        try (ZooKeeperTree tree = TreeSessions.openLean(server.hosts(), hers, LONG);
                TrustClient trust = TrustClient.to(server.address(), admin, LONG)) {
            assertThat(tree.awaitConnected(LONG)).isTrue();

            trust.revoke(n2);

            awaitTold("zookeeper node:n2: it was revoked");
        }
    }

    @Test
    void aFloodOfThemIsCountedAndOthersAreServedMeanwhile() throws Exception {
        long before = refusals();
        int flood = 500;
        for (int times = 0; times < flood; times++) {
            try (Socket socket = new Socket(ANY.getAddress(), port(server.address()))) {
                socket.getOutputStream().write(new byte[64]);
            }
        }

        Instant asked = Instant.now();
        assertThat(audit().verify().whole()).isTrue();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(20));
        // Those that nothing tells of are counted when the next of them is told, or within ten seconds.
        await().atMost(LONG).untilAsserted(() -> assertThat(refusals() - before).isGreaterThanOrEqualTo(flood));
        assertThat(told().size()).isLessThan(flood);
    }

    private long refusals() throws Exception {
        return audit().recent().list().entries().stream()
                .filter(row -> row.method().equals(CONNECT) || row.method().equals("scc.Audit/LeftOut"))
                .mapToLong(row -> row.leftOut() + (row.method().equals(CONNECT) ? 1 : 0))
                .sum();
    }

    /** Class of hole: downgrade to what was broken since. */
    @Test
    void olderVersionsOfTlsAreNotSpoken() throws Exception {
        for (String address : List.of(server.address(), server.hosts())) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket = (SSLSocket) Strangers.tls().createSocket(ANY.getAddress(), port(address))) {
                    socket.setEnabledProtocols(new String[] {version});
                    if (version.equals("TLSv1.3")) {
                        socket.startHandshake();
                        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                    } else {
                        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
                    }
                }
            }
        }
    }
}
