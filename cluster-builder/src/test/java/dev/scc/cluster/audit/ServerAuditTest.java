package dev.scc.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

/** What a real server records, and what of it can be undone unseen. */
@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class ServerAuditTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path data;

    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> !audit().verify().servers().isEmpty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Connections administrator() throws IOException {
        return Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS))));
    }

    private Connections as(Role role, String name) throws IOException {
        return Connections.as(
                new LiveCredentials(Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system())
                        .issue(new Principal(role, name), Duration.ofDays(1))));
    }

    private AuditClient audit() throws IOException {
        return new AuditClient(server.address(), administrator(), LONG);
    }

    private JoinToken token(String node) throws Exception {
        try (TrustClient trust = TrustClient.to(server.address(), administrator(), LONG)) {
            return JoinToken.parse(trust.invite(
                            new Principal(Role.NODE, node), Optional.empty(), Duration.ofMinutes(1), Optional.empty())
                    .text());
        }
    }

    private List<AuditList.Row> rows() throws Exception {
        return audit().recent().list().entries();
    }

    @Test
    void whoDoesWhatAndWhoIsRefusedIsThereWithNameAddressAndOutcome() throws Exception {
        JoinToken token = token("n7");
        Membership.join(token, LONG);
        assertThatThrownBy(() -> Membership.join(token, LONG)).hasMessageContaining("spent");
        try (TrustClient viewer = TrustClient.to(server.address(), as(Role.VIEWER, "eve"), LONG)) {
            assertThatThrownBy(() -> viewer.revoke(new Principal(Role.NODE, "n7")))
                    .isInstanceOf(NotEntitled.class);
        }

        assertThat(rows())
                .filteredOn(row -> !row.method().startsWith("scc.Audit/"))
                .allSatisfy(row -> assertThat(row.from()).startsWith("127.0.0.1:"))
                .extracting(row -> row.who() + " " + row.method() + " " + row.about() + " " + row.ending())
                .containsExactly(
                        "admin:local scc.Trust/Invite node:n7 DONE",
                        "unknown scc.Trust/Join node:n7 DONE",
                        "unknown scc.Trust/Join node:n7 NOT_ENTITLED",
                        "viewer:eve scc.Trust/Revoke  NOT_ENTITLED");
        assertThat(rows()).anySatisfy(row -> assertThat(row.why()).contains("the token is unknown or spent"));
        assertThat(audit().verify())
                .satisfies(report -> assertThat(report.whole()).as("%s", report).isTrue());
    }

    @Test
    void itIsForAdministratorsOnly() throws Exception {
        for (Role role : List.of(Role.OPERATOR, Role.USER, Role.VIEWER, Role.NODE)) {
            assertThatThrownBy(() -> new AuditClient(server.address(), as(role, "x"), LONG).recent())
                    .isInstanceOf(NotEntitled.class);
        }
    }

    @Test
    void aFloodOfRefusalsIsCountedAndHidesNothing() throws Exception {
        try (TrustClient viewer = TrustClient.to(server.address(), as(Role.VIEWER, "eve"), LONG)) {
            for (int times = 0; times < 200; times++) {
                assertThat(catchThrowable(viewer::people)).isInstanceOf(NotEntitled.class);
            }
        }
        token("n8");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(rows())
                        .filteredOn(row -> row.who().startsWith("viewer:eve"))
                        .satisfies(eves -> assertThat(eves.stream()
                                        .mapToLong(row ->
                                                row.leftOut() + (row.method().equals("scc.Audit/LeftOut") ? 0 : 1))
                                        .sum())
                                .isEqualTo(200))
                        .hasSizeLessThan(150));
        assertThat(rows()).anyMatch(row -> row.about().equals("node:n8"));
    }

    @Test
    void whatIsChangedWhileTheServerRunsOrSleepsIsNamed() throws Exception {
        token("n1");
        token("n2");
        Path file = data.resolve(ServerProcess.AUDIT).resolve("audit-000000000001.jsonl");
        String before = Files.readString(file);

        Files.writeString(file, before.replaceFirst("node:n1", "node:n9"));
        assertThat(audit().verify().servers())
                .singleElement()
                .satisfies(row -> assertThat(row.broken()).isNotEmpty());

        server.close();
        Files.writeString(file, before.substring(0, before.indexOf('\n') + 1));
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(audit().verify().servers().getFirst().broken())
                                .anySatisfy(what -> assertThat(what).contains("at its start the server found")));
    }

    @Test
    void aServerOfWhoseLogTheTreeKnowsAndWhichNobodyAsksIsNamed() throws Exception {
        String gone = Files.readString(data.resolve("instance")).strip();
        // There is a tree that it can be noted in.
        await().atMost(LONG).ignoreExceptions().until(() -> token("n1").principal() != null);
        server.close();
        Files.delete(data.resolve("instance"));
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(audit().verify().servers())
                        .hasSize(2)
                        .anySatisfy(
                                row -> assertThat(row.asked() && row.broken().isEmpty())
                                        .isTrue())
                        .contains(AuditReport.Row.unread(gone, "--server names all servers")));
        assertThat(audit().verify().whole()).isFalse();
    }

    /** Class of hole: files that others on the machine can read. */
    @Test
    void nobodyElseReachesAFileOfARunningServer() throws Exception {
        token("n1");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        // ZooKeeper makes its files as it likes, behind that door.
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(Files::isRegularFile)
                            .filter(file -> !file.startsWith(data.resolve("zookeeper/version-2"))))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as("%s", file)
                            .isEqualTo("rw-------"));
        }
    }

    /** Class of hole: tokens in logs, arguments and error messages. */
    @Test
    void theSecretOfATokenIsNowhere() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Level before = root.getLevel();
        root.addAppender(logged);
        StringWriter failures = new StringWriter();
        JoinToken token;
        try {
            ((Logger) LoggerFactory.getLogger("dev.scc")).setLevel(Level.TRACE);
            token = token("n7");
            JoinToken stolen =
                    new JoinToken(new Principal(Role.NODE, "n8"), token.servers(), token.root(), token.secret());
            for (JoinToken each : List.of(stolen, token, token)) {
                Throwable failed = catchThrowable(() -> Membership.join(each, LONG));
                failures.append(each.toString()).append('\n');
                if (failed != null) {
                    failed.printStackTrace(new PrintWriter(failures, true));
                }
            }
        } finally {
            root.detachAppender(logged);
            ((Logger) LoggerFactory.getLogger("dev.scc")).setLevel(null);
            root.setLevel(before);
        }
        server.close();

        List<String> secrets = List.of(token.secret(), token.text());
        assertThat(failures.toString())
                .contains("the token is for node:n7", "spent")
                .doesNotContain(secrets);
        assertThat(List.copyOf(logged.list))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(
                                event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy())
                        .doesNotContain(secrets));
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as("%s", file)
                            .doesNotContain(secrets));
        }
    }
}
