package dev.scc.cluster.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Attachment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcName;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A real server that everybody has to prove himself to. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class EntitlementTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    /** In milliseconds. */
    private static final int SILENCE = 1000;

    /** RFC 8446, 5.1. */
    private static final byte TLS_ALERT = 21;

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    static Path directory;

    private ServerProcess server;
    private Authority authority;
    private TrustClient admin;

    @BeforeAll
    void startServer() throws Exception {
        Path data = directory.resolve("server");
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        authority = Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
        admin = TrustClient.to(
                server.address(),
                Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS)))),
                LONG);
        await().atMost(LONG).ignoreExceptions().until(() -> admin.people().isEmpty());
    }

    @AfterAll
    void stopServer() {
        admin.close();
        server.close();
    }

    private Connections as(Role role, String name) {
        return Connections.as(new LiveCredentials(authority.issue(new Principal(role, name), DAY)));
    }

    private static Stream<RpcMethod<?, ?>> methods() {
        return Stream.of(ServerRpc.class, TrustRpc.class, AuditRpc.class)
                .flatMap(type -> Arrays.stream(type.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == RpcMethod.class)
                .map(field -> {
                    try {
                        return (RpcMethod<?, ?>) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** How a call without any request ends: whoever may call it is told so, before anything is done. */
    private static Optional<RpcFailed.Kind> outcome(RpcChannel channel, RpcMethod<?, ?> method)
            throws InterruptedException {
        try (RpcCall<?, ?> call = channel.open(method, Optional.of(LONG))) {
            call.sendNoMore();
            call.next();
            return Optional.empty();
        } catch (RpcFailed e) {
            return Optional.of(e.kind());
        }
    }

    @Test
    void eachMethodIsForTheRolesOfItsRowAndForNobodyElse() throws Exception {
        for (Role role : Role.values()) {
            try (RpcChannel channel = as(role, "x").to(Peer.server(server.address()))) {
                for (RpcMethod<?, ?> method : (Iterable<RpcMethod<?, ?>>) methods()::iterator) {
                    assertThat(outcome(channel, method))
                            .as("%s calls %s", role, method.name())
                            .contains(
                                    method.access().admits(role)
                                            ? RpcFailed.Kind.INVALID
                                            : RpcFailed.Kind.NOT_ENTITLED);
                }
            }
        }
    }

    /** Class of hole: a check that one of several ways to the same thing leaves out. */
    @Test
    void aUserAsksForClustersAndAnOperatorForNodesToo() throws Exception {
        NodeName n1 = new NodeName("n1");
        ClusterName none = new ClusterName("none");
        Map<Request, Boolean> forUsers = new HashMap<>(Map.of(
                new Request.Delete(none), true,
                new Request.Scale(none, 2), true,
                new Request.Cordon(n1, "x"), false,
                new Request.Uncordon(n1), false,
                new Request.Label(n1, Map.of("a", "b"), Set.of()), false,
                new Request.Collect(), false,
                new Request.Forget(n1, false), false,
                new Request.VpcCreate(new VpcName("none"), Cidr.parse("127.0.0.0/8")), true,
                new Request.VpcDelete(new VpcName("none")), true,
                new Request.EniDetach(EniId.of("x")), false));
        forUsers.put(new Request.EniMove(EniId.of("x"), n1, Optional.empty()), false);
        forUsers.put(new Request.GroupCreate(new GroupName("none"), new VpcName("none")), true);
        forUsers.put(new Request.GroupDelete(new GroupName("none")), true);
        for (Map.Entry<Request, Boolean> each : forUsers.entrySet()) {
            assertThat(refused(Role.USER, each.getKey()))
                    .as("%s", each.getKey())
                    .isNotEqualTo(each.getValue());
            assertThat(refused(Role.OPERATOR, each.getKey()))
                    .as("%s", each.getKey())
                    .isFalse();
        }
    }

    /** Class of hole: a check that one of several ways to the same thing leaves out. */
    @Test
    void aNodeAsksForItsOwnContainersAlone() throws Exception {
        Optional<Attachment> container = Optional.of(new Attachment("pods", "c", "eth0", "c"));

        assertThat(refused(ServerRpc.CONTAINER, Role.NODE, attach("x", container)))
                .isFalse();
        assertThat(refused(ServerRpc.CONTAINER, Role.NODE, new Request.EniDetach(EniId.of("x"))))
                .isFalse();
        for (Request other : List.of(
                attach("y", container),
                attach("x", Optional.empty()),
                new Request.Delete(new ClusterName("none")),
                new Request.Cordon(new NodeName("x"), "x"),
                new Request.VpcDelete(new VpcName("none")))) {
            assertThat(refused(ServerRpc.CONTAINER, Role.NODE, other))
                    .as("%s", other)
                    .isTrue();
        }
    }

    private static Request attach(String node, Optional<Attachment> container) {
        return new Request.EniAttach(
                new NodeName(node),
                new VpcName("none"),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(NamespaceFile.parse("c")),
                container,
                List.of());
    }

    private boolean refused(Role role, Request request) throws InterruptedException {
        return refused(ServerRpc.ASK, role, request);
    }

    private boolean refused(RpcMethod<ServerRpc.Ask, Told> method, Role role, Request request)
            throws InterruptedException {
        try (RpcChannel channel = as(role, "x").to(Peer.server(server.address()));
                RpcCall<ServerRpc.Ask, Told> call = channel.open(method, Optional.of(LONG))) {
            call.send(new ServerRpc.Ask(ClusterClient.newRequestId(), request, 0));
            call.sendNoMore();
            call.next();
            return false;
        } catch (RpcFailed e) {
            return e.kind() == RpcFailed.Kind.NOT_ENTITLED;
        }
    }

    @Test
    void whoHasNoCertificateMayJoinAndNothingElse() throws Exception {
        Fingerprint root = Fingerprint.of(authority.roots().servers().getFirst());
        try (RpcChannel channel = Connections.joining(root).to(Peer.server(server.address()))) {
            for (RpcMethod<?, ?> method : (Iterable<RpcMethod<?, ?>>) methods()::iterator) {
                assertThat(outcome(channel, method))
                        .as(method.name())
                        .contains(
                                method == (RpcMethod<?, ?>) TrustRpc.JOIN
                                        ? RpcFailed.Kind.INVALID
                                        : RpcFailed.Kind.NOT_ENTITLED);
            }
        }
    }

    @Test
    void whoShowsWhatDoesNotCountIsHeardByNoMethod() throws Exception {
        Path keys = directory.resolve("server").resolve(Security.AUTHORITY);
        Principal x = new Principal(Role.ADMIN, "x");
        Principal gone = new Principal(Role.NODE, "gone");
        Connections revoked = as(gone.role(), gone.name());
        admin.revoke(gone);
        await().atMost(LONG).until(() -> {
            try (RpcChannel channel = revoked.to(Peer.server(server.address()))) {
                return outcome(channel, TrustRpc.RENEW).equals(Optional.of(RpcFailed.Kind.NOT_ENTITLED));
            }
        });
        Map<Connections, RpcFailed.Kind> strangers = Map.of(
                Connections.plain(),
                RpcFailed.Kind.UNREACHABLE,
                Connections.as(new LiveCredentials(Strangers.foreign(directory.resolve("other"), authority, x))),
                RpcFailed.Kind.UNREACHABLE,
                Connections.as(new LiveCredentials(Strangers.ofTheOtherRoot(keys, x))),
                RpcFailed.Kind.UNREACHABLE,
                Connections.as(new LiveCredentials(Strangers.expired(keys, x))),
                RpcFailed.Kind.UNREACHABLE,
                revoked,
                RpcFailed.Kind.NOT_ENTITLED);
        long cells = 0;
        for (Map.Entry<Connections, RpcFailed.Kind> stranger : strangers.entrySet()) {
            for (RpcMethod<?, ?> method : (Iterable<RpcMethod<?, ?>>) methods()::iterator) {
                try (RpcChannel channel = stranger.getKey().to(Peer.server(server.address()))) {
                    assertThat(outcome(channel, method)).as(method.name()).contains(stranger.getValue());
                    cells++;
                }
            }
        }
        assertThat(cells).isEqualTo(5 * methods().count());
    }

    /** Class of hole: a second door that nobody has thought of. */
    @Test
    void noPortAnswersInPlainTextOrToWhoShowsNothing() throws Exception {
        int zooKeeper = Integer.parseInt(server.hosts().substring(server.hosts().lastIndexOf(':') + 1));
        for (int port : List.of(zooKeeper, apiPort())) {
            for (byte[] said : List.of(
                    "srvr".getBytes(US_ASCII), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII), new byte[64])) {
                try (Socket socket = new Socket(ANY.getAddress(), port)) {
                    assertThat(answer(socket, said))
                            .as("port %d in plain text", port)
                            .satisfiesAnyOf(
                                    none -> assertThat(none).isEmpty(),
                                    alert -> assertThat(alert).containsExactly(TLS_ALERT));
                }
            }
            try (Socket socket = Strangers.tls().createSocket(ANY.getAddress(), port)) {
                assertThat(answer(socket, new byte[64]))
                        .as("port %d without a certificate", port)
                        .isEmpty();
            }
        }
    }

    private int apiPort() {
        return Integer.parseInt(server.address().substring(server.address().lastIndexOf(':') + 1));
    }

    /** What comes back until the other side ends the connection, or has nothing to say. */
    private static byte[] answer(Socket socket, byte[] said) throws IOException {
        socket.setSoTimeout(SILENCE);
        try {
            socket.getOutputStream().write(said);
            return socket.getInputStream().readNBytes(1);
        } catch (SocketException | SSLException | SocketTimeoutException e) {
            return new byte[0];
        }
    }

    @Test
    void aServerOfAnotherPoolIsNotTalkedTo() throws Exception {
        Authority other = Authority.open(directory.resolve("other"), InstantSource.system());
        Connections strange = Connections.as(new LiveCredentials(other.issue(new Principal(Role.ADMIN, "x"), DAY)));
        Connections fooled =
                Connections.joining(Fingerprint.of(other.roots().servers().getFirst()));
        for (Connections each : List.of(strange, fooled)) {
            try (RpcChannel channel = each.to(Peer.server(server.address()))) {
                assertThat(outcome(channel, TrustRpc.JOIN)).contains(RpcFailed.Kind.UNREACHABLE);
            }
        }
    }

    /** Class of hole: replay of a token. */
    @Test
    void aTokenLetsItsNodeInOnce() throws Exception {
        Principal n7 = new Principal(Role.NODE, "n7");
        JoinToken token = token(n7, Optional.empty(), Duration.ofMinutes(10));

        Credentials joined = Membership.join(token, LONG);

        assertThat(joined.principal()).isEqualTo(n7);
        assertThat(Duration.between(Instant.now(), joined.ends())).isBetween(Duration.ofHours(23), DAY);
        assertThatThrownBy(() -> Membership.join(token, LONG))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("the token is unknown or spent");
    }

    @Test
    void aTokenIsForOneNameAndAddressAndForATime() throws Exception {
        JoinToken token = token(new Principal(Role.NODE, "n8"), Optional.empty(), Duration.ofMinutes(10));
        JoinToken forOther =
                new JoinToken(new Principal(Role.ADMIN, "n8"), token.servers(), token.root(), token.secret());
        JoinToken elsewhere = token(new Principal(Role.NODE, "n8"), Optional.of("192.0.2.1"), Duration.ofMinutes(10));
        JoinToken guessed = JoinToken.create(token.principal(), token.servers(), token.root());

        assertThatThrownBy(() -> Membership.join(forOther, LONG)).hasMessageContaining("the token is for");
        assertThatThrownBy(() -> Membership.join(elsewhere, LONG)).hasMessageContaining("at another address");
        assertThatThrownBy(() -> Membership.join(guessed, LONG)).hasMessageContaining("unknown or spent");
        JoinToken brief = token(new Principal(Role.NODE, "n8"), Optional.empty(), Duration.ofSeconds(1));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(System.currentTimeMillis()).isGreaterThan(briefEnds(brief)));
        assertThatThrownBy(() -> Membership.join(brief, LONG)).hasMessageContaining("has expired");
        assertThat(Membership.join(token, LONG).principal().name()).isEqualTo("n8");
    }

    private long lastEnds;

    private long briefEnds(JoinToken ignored) {
        return lastEnds;
    }

    private JoinToken token(Principal principal, Optional<String> address, Duration lasts) throws Exception {
        TrustRpc.Token made = admin.invite(
                principal, address, lasts, principal.role().isPerson() ? Optional.of(Rights.NONE) : Optional.empty());
        lastEnds = made.endsMillis();
        return JoinToken.parse(made.text());
    }

    /** Class of hole: a confused deputy that signs for whom it is asked. */
    @Test
    void aNodeRenewsItsOwnCertificateAndItsKeepersAndNoOther() throws Exception {
        Connections n7 = as(Role.NODE, "n7");

        for (Role role : List.of(Role.NODE, Role.KEEPER)) {
            assertThat(Membership.renew(server.address(), n7, new Principal(role, "n7"))
                            .principal())
                    .isEqualTo(new Principal(role, "n7"));
        }
        for (Principal other : List.of(
                new Principal(Role.NODE, "n8"),
                new Principal(Role.KEEPER, "n8"),
                new Principal(Role.SERVER, "n7"),
                new Principal(Role.ADMIN, "n7"))) {
            assertThatThrownBy(() -> Membership.renew(server.address(), n7, other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("gets no certificate for");
        }
    }

    /** Class of hole: rights that outlive their revocation on what is open. */
    @Test
    void whoIsRevokedIsCutOffInTheMiddleOfAStreamAndComesBackByANewToken() throws Exception {
        Principal ada = new Principal(Role.OPERATOR, "ada");
        Credentials joined = Membership.join(token(ada, Optional.empty(), Duration.ofMinutes(10)), LONG);
        Connections hers = Connections.as(new LiveCredentials(joined));
        try (RpcChannel channel = hers.to(Peer.server(server.address()));
                RpcCall<ServerRpc.Events, EventSaid> stream = channel.open(ServerRpc.EVENTS, Optional.empty())) {
            stream.send(new ServerRpc.Events("", true, 0));
            stream.sendNoMore();
            while (!(stream.next().orElseThrow() instanceof EventSaid.UpToDate)) {
                // The backlog.
            }

            admin.revoke(ada);

            assertThat(catchThrowableOfType(RpcFailed.class, stream::next).kind())
                    .isEqualTo(RpcFailed.Kind.NOT_ENTITLED);
            assertThat(outcome(channel, ServerRpc.NODES)).contains(RpcFailed.Kind.NOT_ENTITLED);
        }
        assertThat(admin.people()).noneMatch(person -> person.who().name().equals("ada"));
        assertThatThrownBy(() -> Membership.renew(server.address(), hers, ada)).isInstanceOf(IOException.class);
        await().atMost(LONG).untilAsserted(() -> {
            Credentials again = Membership.join(token(ada, Optional.empty(), Duration.ofMinutes(10)), LONG);
            try (RpcChannel channel = Connections.as(new LiveCredentials(again)).to(Peer.server(server.address()))) {
                assertThat(outcome(channel, ServerRpc.NODES)).contains(RpcFailed.Kind.INVALID);
            }
        });
    }
}
