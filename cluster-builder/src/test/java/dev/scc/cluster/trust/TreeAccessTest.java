package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RefusedConnection;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.Guard;
import dev.scc.cluster.zk.RawSession;
import dev.scc.cluster.zk.TreeMatrix;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A guarded ZooKeeper, and all that somebody might try at each of its entries. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class TreeAccessTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration DAY = Duration.ofDays(1);

    /** Members of {@code demo} are n1 and n2; n3 has left it, and n4 was never anywhere. */
    private static final ClusterName DEMO = new ClusterName("demo");

    private static final ClusterName OTHER = new ClusterName("other");

    /** No row of the table knows it. */
    private static final String STRANGE = "/scc/strange";

    @TempDir
    static Path directory;

    private Authority authority;
    private EmbeddedZooKeeper zooKeeper;
    private final Revocations revocations = new Revocations();
    private final Queue<RefusedConnection> refused = new ConcurrentLinkedQueue<>();
    private final Map<String, ZooKeeperTree> sessions = new HashMap<>();

    @BeforeAll
    void startZooKeeper() throws Exception {
        authority = Authority.open(directory.resolve("authority"), InstantSource.system());
        LiveCredentials server = credentials(Role.SERVER, "s1");
        zooKeeper = EmbeddedZooKeeper.start(
                directory.resolve("zookeeper"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(new Guard(server, revocations, refused::add)),
                why -> {
                    throw new AssertionError(why);
                });
        ZooKeeperTree tree = session(Role.SERVER, "s1");
        List<Op> ops = new ArrayList<>();
        Paths.FOLDERS.forEach(folder -> ops.add(new Op.Create(folder, "")));
        for (String path : existing()) {
            ops.add(new Op.Create(path, text(path)));
        }
        ops.add(new Op.Create(STRANGE, "x"));
        tree.commit(ops);
        tree.closeRoot();
    }

    @AfterAll
    void stopZooKeeper() {
        sessions.values().forEach(ZooKeeperTree::close);
        zooKeeper.close();
    }

    private LiveCredentials credentials(Role role, String name) {
        return new LiveCredentials(authority.issue(new Principal(role, name), DAY));
    }

    private ZooKeeperTree open(LiveCredentials credentials) {
        return TreeSessions.openLean("127.0.0.1:" + zooKeeper.port(), Connections.as(credentials), LONG);
    }

    private ZooKeeperTree session(Role role, String name) throws InterruptedException {
        ZooKeeperTree tree = sessions.computeIfAbsent(role + name, _ -> open(credentials(role, name)));
        assertThat(tree.awaitConnected(LONG)).isTrue();
        return tree;
    }

    private static List<String> existing() {
        List<String> paths = new ArrayList<>();
        for (String node : List.of("n1", "n2", "n3", "n4", "n5", "n10")) {
            NodeName name = new NodeName(node);
            paths.addAll(List.of(
                    Paths.enrol(name),
                    Paths.node(name),
                    Paths.inventory(name),
                    Paths.alive(name),
                    Paths.assign(name),
                    Paths.status(name),
                    TreeEntry.PLUGS_NODE.path(name),
                    TreeEntry.PLUGGED_NODE.path(name),
                    Paths.tunnel(name),
                    Paths.job(name, "j1")));
        }
        paths.addAll(List.of(
                TreeEntry.EPOCH.path(),
                TreeEntry.LEADER.path(),
                TreeEntry.POOLS.path(),
                Paths.cluster(DEMO),
                Paths.rosters(DEMO),
                Paths.roster(DEMO, 1),
                Paths.rosters(OTHER),
                Paths.roster(OTHER, 1),
                Paths.request("r1"),
                Paths.outcome("r1"),
                Paths.event(1, 1),
                Paths.token("0".repeat(64)),
                Paths.user("ada"),
                Paths.revoked("node:n9"),
                TreeEntry.VPC.path("lab"),
                TreeEntry.HOLDING.path("lab", "demo"),
                Paths.roster(DEMO, 2),
                Paths.cluster(OTHER),
                Paths.request("r2"),
                Paths.event(1, 2),
                Paths.user("eve"),
                Paths.revoked("user:eve"),
                TreeEntry.VPC.path("wide"),
                TreeEntry.HOLDING.path("wide", "n1"),
                TreeEntry.AUDIT_HEAD.path("i1")));
        for (TreeEntry entry : TreeEntry.values()) {
            boolean folder = entry.lifetime() == TreeEntry.Lifetime.FOLDER;
            if (!folder && paths.stream().noneMatch(path -> TreeEntry.at(path).equals(Optional.of(entry)))) {
                paths.add(entry.hasName() ? entry.path("other") : entry.path());
            }
        }
        return paths;
    }

    private static String text(String path) {
        String cluster = TreeEntry.at(path).equals(Optional.of(TreeEntry.ASSIGN_NODE))
                ? SERVED.getOrDefault(TreeEntry.ASSIGN_NODE.named(path), "")
                : "";
        return cluster.isEmpty()
                ? "x"
                : Json.write((Assignment) new Assignment.Serve(1, new ClusterName(cluster), 1, 70));
    }

    /** What each node serves, as {@link #text} has it in the tree; n3 has left, n4 and n10 were never anywhere. */
    private static final Map<String, String> SERVED =
            Map.of("n1", DEMO.value(), "n2", DEMO.value(), "n5", OTHER.value());

    @Test
    void everySessionMayDoAtEachEntryWhatTheTableSaysAndNothingElse() throws Exception {
        List<String> paths = new ArrayList<>(existing());
        paths.addAll(Paths.FOLDERS);
        // Above the table, and where no row of it is.
        paths.addAll(List.of("/", "/zookeeper", "/zookeeper/quota", STRANGE));
        TreeMatrix matrix = new TreeMatrix(paths, SERVED);
        List<String> differences = new ArrayList<>();
        try (RawSession server = raw(Role.SERVER, "s2")) {
            differences.addAll(matrix.differences(server, server, Optional.empty()));
            for (String node : List.of("n1", "n2", "n3", "n4", "n5", "n10", "n1x", "ghost")) {
                try (RawSession session = raw(Role.NODE, node)) {
                    differences.addAll(matrix.differences(session, server, Optional.of(node)));
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(matrix.cells()).isGreaterThanOrEqualTo(10_000);
    }

    private RawSession raw(Role role, String name) throws Exception {
        return RawSession.open("127.0.0.1:" + zooKeeper.port(), Optional.of(credentials(role, name)), LONG);
    }

    @Test
    void whatIsAboveEverythingIsForServersAlone() throws Exception {
        Tree node = session(Role.NODE, "n1");
        for (String path : List.of("/", "/zookeeper")) {
            assertThat(session(Role.SERVER, "s1").children(path)).as(path).isNotEmpty();
            assertThat(node.children(path)).as(path).isEmpty();
        }
    }

    /** Each is refused once, by name as far as that is proved, and with the reason. */
    @Test
    void nobodyElseHasASession() throws Exception {
        Map<String, String> reasons = new LinkedHashMap<>();
        Map<String, LiveCredentials> all = new LinkedHashMap<>();
        for (Role role : Role.values()) {
            if (role != Role.SERVER && role != Role.NODE) {
                all.put(role.toString(), credentials(role, "x"));
                reasons.put(role.toString(), "this is " + role + ":x, not a server or a node");
            }
        }
        Path keys = directory.resolve("authority");
        for (Role role : List.of(Role.SERVER, Role.NODE)) {
            Principal who = new Principal(role, "n1");
            String unsigned =
                    "the certificate of " + who + " is not signed by the root of " + role.root() + " of this pool";
            all.put(
                    "foreign " + role,
                    new LiveCredentials(Strangers.foreign(directory.resolve("other"), authority, who)));
            reasons.put("foreign " + role, unsigned);
            all.put(role + " of the other root", new LiveCredentials(Strangers.ofTheOtherRoot(keys, who)));
            reasons.put(role + " of the other root", unsigned);
            all.put("expired " + role, new LiveCredentials(Strangers.expired(keys, who)));
            reasons.put("expired " + role, "NotAfter: ");
        }
        LiveCredentials putOut = credentials(Role.NODE, "n6");
        revocations.replace(Map.of(putOut.current().principal(), Instant.now()));
        all.put("revoked", putOut);
        reasons.put("revoked", "it was revoked");
        Map<String, ZooKeeperTree> sessions = new LinkedHashMap<>();
        refused.clear();
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor();
                Socket socket = Strangers.tls().createSocket(InetAddress.getLoopbackAddress(), zooKeeper.port())) {
            all.forEach((who, credentials) -> sessions.put(who, open(credentials)));
            sessions.put(
                    "plain text", TreeSessions.openLean("127.0.0.1:" + zooKeeper.port(), Connections.plain(), LONG));
            reasons.put("plain text", "it does not speak TLS");
            socket.getOutputStream().write(0);

            reasons.forEach(this::isTold);
            isTold("no certificate", "Empty client certificate chain");
            sessions.forEach(
                    (who, session) -> assertThat(session.connected()).as(who).isFalse());
            // Each takes a second to give up.
            sessions.values().forEach(session -> closing.execute(session::close));
        } finally {
            revocations.replace(Map.of());
        }
        assertThat(sessions).hasSize(Role.values().length - 2 + 6 + 2);
    }

    private void isTold(String who, String why) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(refused).as(who).anySatisfy(one -> {
                    assertThat(one.why()).startsWith(why);
                    assertThat(one.who()).isEqualTo(who.equals("revoked") ? "node:n6" : "unknown");
                }));
    }

    @Test
    void aNodeThatIsRevokedLosesItsSessionAtOnce() throws Exception {
        LiveCredentials n7 = credentials(Role.NODE, "n7");
        try (ZooKeeperTree tree = open(n7)) {
            assertThat(tree.awaitConnected(LONG)).isTrue();
            tree.commit(List.of(new Op.CreateEphemeral(Paths.enrol(new NodeName("n7")), "x")));

            revocations.replace(Map.of(n7.current().principal(), Instant.now()));

            Tree server = session(Role.SERVER, "s1");
            await().atMost(LONG)
                    .until(() -> server.get(Paths.enrol(new NodeName("n7"))).isEmpty());
            assertThat(tree.awaitConnected(Duration.ofSeconds(2))).isFalse();
        } finally {
            revocations.replace(Map.of());
        }
    }

    @Test
    void everyKindOfEntryIsTried() {
        for (TreeEntry entry : TreeEntry.values()) {
            assertThat(existing().stream().anyMatch(path -> TreeEntry.at(path).equals(Optional.of(entry)))
                            || Paths.FOLDERS.stream()
                                    .anyMatch(path -> TreeEntry.at(path).equals(Optional.of(entry))))
                    .as("%s", entry)
                    .isTrue();
        }
        assertThat(TreeEntry.JOB.owner(Paths.job(new NodeName("n1"), "j1"))).contains("n1");
    }
}
