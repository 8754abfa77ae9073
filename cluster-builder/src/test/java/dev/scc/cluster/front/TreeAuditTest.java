package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Paths;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.TreeReport;
import dev.scc.cluster.view.TreeReport.Kind;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.cluster.zk.RawSession;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What administrators are told of a real tree with entries in it that do not belong there. */
@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class TreeAuditTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final NodeName N9 = new NodeName("n9");
    private static final JobEntry JOB = new JobEntry("j1", new ClusterName("demo"), "user:ada", N9, "Running", 2, 1, 0);
    private static final List<ACL> TABLE = access(ZooDefs.Perms.ALL);

    @TempDir
    Path data;

    private static AuditClient as(ServerProcess server, Credentials credentials) {
        return new AuditClient(server.address(), Connections.as(new LiveCredentials(credentials)), LONG);
    }

    private AuditClient admin(ServerProcess server) throws Exception {
        return as(server, Credentials.read(data.resolve(Administrator.CREDENTIALS)));
    }

    private Authority authority() throws Exception {
        return Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
    }

    /** ZooKeeper asks it whether it holds null. */
    private static List<ACL> access(int permissions) {
        return new ArrayList<>(List.of(new ACL(permissions, new Id("scc", "table"))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static TreeReport.Row row(String path, Kind kind, String why) {
        return new TreeReport.Row(path, kind, why);
    }

    @Test
    void eachKindOfDeviationIsNamedAndAnUntouchedTreeHasNone() throws Exception {
        try (ServerProcess server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual())) {
            AuditClient admin = admin(server);
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
                TreeReport clean = admin.tree();
                assertThat(clean.findings()).isEmpty();
                assertThat(clean.guarded()).isTrue();
                assertThat(clean.entries()).isGreaterThan(Paths.FOLDERS.size());
            });

            LiveCredentials s2 = new LiveCredentials(authority().issue(new Principal(Role.SERVER, "s2"), LONG));
            try (RawSession session = RawSession.open(server.hosts(), Optional.of(s2), LONG)) {
                plant(session.client());

                assertThat(admin.tree().findings())
                        .containsExactly(
                                row("/foreign", Kind.UNKNOWN, "no entry of scc's stands there"),
                                row("/scc/epoch", Kind.ACCESS, "it is open to everybody: world:anyone:cdrwa"),
                                row("/scc/jobs/n9", Kind.UNKNOWN, "it names no node that leads the job"),
                                row(
                                        "/scc/jobs/n9:j1",
                                        Kind.LIFETIME,
                                        "it stays when the session has ended that has made it, and has to go then"),
                                row(
                                        "/scc/jobs/n9:j1",
                                        Kind.TEXT,
                                        "not a JobEntry in JSON: Unrecognized token 'text': was expecting (JSON String,"
                                                + " Number, Array, Object or token 'null', 'true' or 'false')"),
                                row("/scc/notes", Kind.UNKNOWN, "no entry of scc's stands there"),
                                row("/scc/notes/deeper", Kind.UNKNOWN, "no entry of scc's stands there"),
                                row("/scc/notes/deeper", Kind.ACCESS, "it is not the table's: scc:table:r"),
                                row(
                                        "/scc/requests",
                                        Kind.TEXT,
                                        "it is there to hold others, and has a text of its own"),
                                row("/scc/status/n9", Kind.SIZE, "it has 16385 bytes, and may have 16384"),
                                row(
                                        "/scc/users/eve",
                                        Kind.LIFETIME,
                                        "it goes with the session that has made it, and has to stay"));
            }
        }
    }

    private static void plant(ZooKeeper session) throws Exception {
        session.create("/foreign", bytes(""), TABLE, CreateMode.PERSISTENT);
        session.create("/scc/notes", bytes("text"), TABLE, CreateMode.PERSISTENT);
        session.create("/scc/notes/deeper", bytes("text"), access(ZooDefs.Perms.READ), CreateMode.PERSISTENT);
        session.setACL(Paths.EPOCH, ZooDefs.Ids.OPEN_ACL_UNSAFE, -1);
        session.create(Paths.job(N9, "j1"), bytes("text"), TABLE, CreateMode.PERSISTENT);
        session.create(Paths.JOBS + "/n9", bytes(Json.write(JOB)), TABLE, CreateMode.EPHEMERAL);
        session.create(Paths.status(N9), new byte[(16 << 10) + 1], TABLE, CreateMode.PERSISTENT);
        session.create(
                Paths.user("eve"),
                bytes(Json.write(new PersonRecord(Role.VIEWER, Rights.NONE))),
                TABLE,
                CreateMode.EPHEMERAL);
        session.setData(Paths.REQUESTS, bytes("text"), -1);
    }

    @Test
    void ofMoreThanAThousandDeviationsTheOthersAreCounted() throws Exception {
        try (ServerProcess server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual())) {
            AuditClient admin = admin(server);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> admin.tree().findings().isEmpty());
            LiveCredentials s2 = new LiveCredentials(authority().issue(new Principal(Role.SERVER, "s2"), LONG));
            try (RawSession session = RawSession.open(server.hosts(), Optional.of(s2), LONG)) {
                session.client()
                        .multi(IntStream.range(0, 1_003)
                                .mapToObj(number ->
                                        Op.create("/foreign" + number, bytes(""), TABLE, CreateMode.PERSISTENT))
                                .toList());

                TreeReport report = admin.tree();

                assertThat(report.findings()).hasSize(1_000);
                assertThat(report.more()).isEqualTo(3);
            }
        }
    }

    @Test
    void itIsForAdministratorsAlone() throws Exception {
        try (ServerProcess server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual())) {
            for (Role role : Role.values()) {
                AuditClient caller = as(server, authority().issue(new Principal(role, "x"), LONG));
                if (role == Role.ADMIN) {
                    await().atMost(LONG)
                            .ignoreExceptions()
                            .until(() -> caller.tree().guarded());
                } else {
                    assertThatThrownBy(caller::tree).as("%s", role).isInstanceOf(NotEntitled.class);
                }
            }
        }
    }

    @Test
    void ofAnEnsembleOfSomebodyElsesItSaysThatNothingGuardsIt() throws Exception {
        try (EmbeddedZooKeeper theirs = EmbeddedZooKeeper.start(data.resolve("theirs"), ANY);
                RawSession session = RawSession.open("127.0.0.1:" + theirs.port(), Optional.empty(), LONG);
                ServerProcess server = ServerProcess.start(
                        new TreeHome.External("127.0.0.1:" + theirs.port(), new EnsembleDoor.Plain()),
                        ANY,
                        data,
                        ServerProcess.SESSION,
                        Security.GUARDED,
                        Timing.usual())) {
            session.client().create("/kafka", bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            AuditClient admin = admin(server);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(admin.tree().entries()).isGreaterThan(Paths.FOLDERS.size()));

            session.client()
                    .create(Paths.ROOT + "/notes", bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

            TreeReport report = admin.tree();
            assertThat(report.guarded()).isFalse();
            assertThat(report.findings())
                    .containsExactly(row("/scc/notes", Kind.UNKNOWN, "no entry of scc's stands there"));
        }
    }
}
