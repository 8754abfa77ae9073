package dev.scc.cluster.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.FreePorts;
import dev.scc.cluster.api.TrustRpc.RotationStep;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.JoinedServer;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Roots;
import dev.scc.cluster.zk.Ensemble;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Real servers that make an ensemble of three, one after the other, each by a token. */
@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class JoiningServersTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration USUAL = Duration.ofMinutes(10);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Principal S2 = new Principal(Role.SERVER, "s2");
    private static final Principal S3 = new Principal(Role.SERVER, "s3");
    private static final Principal N7 = new Principal(Role.NODE, "n7");

    @TempDir
    Path directory;

    private final Map<String, ServerProcess> running = new HashMap<>();
    private Ensemble ensemble;

    @BeforeEach
    void startTheFirst() throws Exception {
        List<Integer> ports = List.copyOf(FreePorts.several(9));
        List<String> peers = Stream.of(0, 1, 2)
                .map(i -> "s%d=127.0.0.1:%d:%d:%d"
                        .formatted(i + 1, ports.get(3 * i), ports.get(3 * i + 1), ports.get(3 * i + 2)))
                .toList();
        ensemble = Ensemble.parse(String.join(",", peers));
        start("s1");
    }

    @AfterEach
    void stop() {
        running.values().forEach(ServerProcess::close);
    }

    private Path data(String name) {
        return directory.resolve(name);
    }

    private void start(String name) throws Exception {
        running.put(
                name,
                ServerProcess.start(
                        new TreeHome.Member(ensemble, name),
                        ANY,
                        data(name),
                        Duration.ofSeconds(4),
                        Security.GUARDED,
                        Timing.usual()));
    }

    private ServerProcess server(String name) {
        return Objects.requireNonNull(running.get(name), name);
    }

    private TrustClient administrator(String server) throws IOException {
        return TrustClient.to(
                server(server).address(),
                Connections.as(new LiveCredentials(Credentials.read(data(server).resolve(Administrator.CREDENTIALS)))),
                LONG);
    }

    private JoinToken token(String by, Principal principal, Optional<String> address, Duration lasts) throws Exception {
        try (TrustClient trust = administrator(by)) {
            return JoinToken.parse(
                    trust.invite(principal, address, lasts, Optional.empty()).text());
        }
    }

    private JoinToken token(String by, Principal principal) throws Exception {
        return token(by, principal, Optional.empty(), USUAL);
    }

    private void join(JoinToken token, String name) throws Exception {
        JoinedServer.join(token, name, data(name));
    }

    private void awaitQuorum() {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> token("s1", N7).principal().equals(N7));
    }

    @Test
    void theSecondJoinsBeforeThereIsAMajorityAndTheThirdByAnyOfThem() throws Exception {
        JoinToken first = token("s1", S2);
        join(first, "s2");
        start("s2");
        awaitQuorum();
        join(token("s2", S3), "s3");
        start("s3");

        // What any of them has signed counts with all.
        JoinToken n7 = token("s3", N7);
        Connections node = Connections.as(new LiveCredentials(Membership.join(n7, LONG)));
        for (ServerProcess each : running.values()) {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> Membership.renew(each.address(), node, N7)
                            .principal()
                            .equals(N7));
        }
        for (String name : List.of("s2", "s3")) {
            try (Stream<Path> files = Files.list(data(name).resolve(Security.AUTHORITY))) {
                assertThat(files.map(JoiningServersTest::modes)).hasSize(2).containsOnly("rw-------");
            }
        }
        // The same command line at a later start: its token is spent, and not needed.
        server("s2").close();
        join(first, "s2");
        start("s2");
        assertThat(Authority.open(data("s3").resolve(Security.AUTHORITY), InstantSource.system())
                        .roots())
                .isEqualTo(Authority.open(data("s1").resolve(Security.AUTHORITY), InstantSource.system())
                        .roots());
    }

    @Test
    void anEnsembleHasNewRootsAndItsMembersMeetAgainByThem() throws Exception {
        join(token("s1", S2), "s2");
        start("s2");
        awaitQuorum();
        join(token("s2", S3), "s3");
        start("s3");
        Roots before = roots("s1");

        // As if the one that has begun were lost: another begins anew, if that is what is wanted.
        try (TrustClient s3 = administrator("s3")) {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> s3.rotate(Root.SERVERS, RotationStep.BEGIN, false));
        }
        try (TrustClient s1 = administrator("s1")) {
            assertThatThrownBy(() -> s1.rotate(Root.SERVERS, RotationStep.BEGIN, false))
                    .isInstanceOf(UserMistake.class)
                    .hasMessageContaining("the server at " + server("s3").address() + " has the new key");
            s1.rotate(Root.SERVERS, RotationStep.BEGIN, true);
        }
        for (Root root : Root.values()) {
            rotate(root, RotationStep.BEGIN);
            rotate(root, RotationStep.CHANGE);
            rotate(root, RotationStep.DROP);
        }

        for (String name : List.of("s1", "s2", "s3")) {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(roots(name)).isEqualTo(roots("s1")));
            assertThat(roots(name).servers()).hasSize(1).doesNotContainAnyElementsOf(before.servers());
            assertThat(roots(name).members()).hasSize(1).doesNotContainAnyElementsOf(before.members());
        }
        // One starts anew and one is gone: those that are left talk by nothing but the new root.
        server("s3").close();
        start("s3");
        server("s2").close();
        running.remove("s2");
        for (String name : List.of("s1", "s3")) {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> token(name, N7).principal().equals(N7));
        }
    }

    private Roots roots(String name) throws IOException {
        return Authority.open(data(name).resolve(Security.AUTHORITY), InstantSource.system())
                .roots();
    }

    private void rotate(Root root, RotationStep step) {
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
            try (TrustClient trust = administrator("s1")) {
                trust.rotate(root, step, false);
            }
        });
    }

    private static String modes(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Class of hole: a token that counts twice, too long, or for somebody else. */
    @Test
    void aTokenForAServerIsForOneNameAndAddressAndOnceAndForATime() throws Exception {
        JoinToken token = token("s1", S2);
        JoinToken asNode = new JoinToken(N7, token.servers(), token.root(), token.secret());
        JoinToken asOther = new JoinToken(S3, token.servers(), token.root(), token.secret());
        JoinToken elsewhere = token("s1", S2, Optional.of("192.0.2.1"), USUAL);
        JoinToken guessed = JoinToken.create(S2, token.servers(), token.root());
        JoinToken brief = token("s1", S2, Optional.empty(), Duration.ofSeconds(1));
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();

        assertThatThrownBy(() -> Membership.join(asNode, LONG))
                .isInstanceOf(UserMistake.class)
                .hasMessage("the token is for server:s2, not for node:n7: scc token create --node n7 makes another");
        assertThatThrownBy(() -> join(asOther, "s3"))
                .hasMessage(
                        "the token is for server:s2, not for server:s3: scc token create --server s3 makes another");
        assertThatThrownBy(() -> join(token, "s3")).hasMessageContaining("is for server:s2, not for server:s3");
        assertThatThrownBy(() -> join(elsewhere, "s2")).hasMessageContaining("at another address");
        assertThatThrownBy(() -> join(guessed, "s2"))
                .hasMessage("the token is unknown or spent: scc token create --server s2 makes another");
        await().atMost(LONG).until(() -> System.nanoTime() > end);
        assertThatThrownBy(() -> join(brief, "s2"))
                .hasMessage("the token has expired: scc token create --server s2 makes another");
        assertThat(data("s2").resolve(Security.AUTHORITY)).doesNotExist();
        join(token, "s2");
        assertThatThrownBy(() -> Membership.join(token, LONG)).hasMessageContaining("unknown or spent");

        start("s2");
        awaitQuorum();
        JoinToken node = token("s1", N7);
        JoinToken nodeAsServer = new JoinToken(S3, node.servers(), node.root(), node.secret());
        assertThatThrownBy(() -> join(nodeAsServer, "s3"))
                .hasMessage("the token is for node:n7, not for server:s3: scc token create --server s3 makes another");
        List<String> refused = new AuditClient(
                        server("s1").address(),
                        Connections.as(
                                new LiveCredentials(Credentials.read(data("s1").resolve(Administrator.CREDENTIALS)))),
                        LONG)
                .recent().list().entries().stream()
                        .filter(row -> row.method().equals("scc.Trust/Join")
                                && row.ending().toString().equals("NOT_ENTITLED"))
                        .map(row -> row.about())
                        .toList();
        assertThat(refused)
                .containsExactly(
                        "node:n7", "server:s3", "server:s2", "server:s2", "server:s2", "server:s2", "server:s3");
    }

    @Test
    void onlyPeersAreInvitedAndWithoutAMajorityOnlyByWhoStartedTheServer() throws Exception {
        assertThatThrownBy(() -> token("s1", new Principal(Role.SERVER, "s9")))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("s9 is not among the peers of this server, s1,s2,s3");
        Authority authority = Authority.open(data("s1").resolve(Security.AUTHORITY), InstantSource.system());
        for (Role role : List.of(Role.ADMIN, Role.OPERATOR, Role.NODE)) {
            Connections other = Connections.as(new LiveCredentials(authority.issue(new Principal(role, "x"), USUAL)));
            try (TrustClient trust = TrustClient.to(server("s1").address(), other, LONG)) {
                assertThatThrownBy(() -> trust.invite(S2, Optional.empty(), USUAL, Optional.empty()))
                        .as("%s", role)
                        .isInstanceOf(NotEntitled.class);
            }
            assertThatThrownBy(() -> Membership.authority(server("s1").address(), other))
                    .as("%s", role)
                    .hasMessageContaining("is for servers");
        }
    }

    @Test
    void whoHasNotJoinedIsToldHow() {
        assertThatThrownBy(() -> start("s2"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server s2 has not joined")
                .hasMessageContaining("scc token create --server s2");
    }
}
