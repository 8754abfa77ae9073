package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RefusedConnection;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.Guard;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A guarded ZooKeeper, and all that somebody might try at each of its entries. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class TreeAccessTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration DAY = Duration.ofDays(1);
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    /** Members of {@code demo} are n1 and n2; n3 has left it, and n4 was never anywhere. */
    private static final ClusterName DEMO = new ClusterName("demo");

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
        for (String node : List.of("n1", "n2", "n3", "n4")) {
            NodeName name = new NodeName(node);
            paths.addAll(List.of(
                    Paths.enrol(name),
                    Paths.node(name),
                    Paths.inventory(name),
                    Paths.alive(name),
                    Paths.assign(name),
                    Paths.status(name),
                    TreeEntry.PLUGS_NODE.path(name),
                    TreeEntry.PLUGGED_NODE.path(name)));
        }
        paths.addAll(List.of(
                TreeEntry.EPOCH.path(),
                TreeEntry.LEADER.path(),
                TreeEntry.POOLS.path(),
                Paths.cluster(DEMO),
                Paths.rosters(DEMO),
                Paths.roster(DEMO, 1),
                Paths.rosters(new ClusterName("other")),
                Paths.roster(new ClusterName("other"), 1),
                Paths.request("r1"),
                Paths.outcome("r1"),
                Paths.event(1, 1),
                Paths.token("0".repeat(64)),
                Paths.user("ada"),
                Paths.revoked("node:n9"),
                TreeEntry.VPC.path("lab"),
                TreeEntry.GROUP.path("web"),
                TreeEntry.HOLDING.path("lab", "demo"),
                Paths.job(new NodeName("n1"), "j1")));
        for (TreeEntry entry : TreeEntry.values()) {
            boolean folder = entry.lifetime() == TreeEntry.Lifetime.FOLDER;
            if (!folder && paths.stream().noneMatch(path -> TreeEntry.at(path).equals(Optional.of(entry)))) {
                paths.add(entry.hasName() ? entry.path("other") : entry.path());
            }
        }
        return paths;
    }

    private static String text(String path) {
        boolean member = path.equals(Paths.assign(N1)) || path.equals(Paths.assign(N2));
        return member ? Json.write((Assignment) new Assignment.Serve(1, DEMO, 1, 70)) : "x";
    }

    private enum Attempt {
        READ,
        WRITE,
        DELETE,
        CREATE_BELOW
    }

    private static boolean succeeds(Tree tree, Attempt attempt, String path)
            throws InterruptedException, ConnectionLost {
        try {
            switch (attempt) {
                case READ -> {
                    boolean there = tree.get(path).isPresent();
                    assertThat(tree.get(List.of(path)).containsKey(path)).isEqualTo(there);
                    return there;
                }
                case WRITE -> tree.commit(List.of(new Op.Set(path, text(path), Op.ANY)));
                case DELETE -> {
                    boolean goes = TreeEntry.at(path).orElseThrow().lifetime() == TreeEntry.Lifetime.SESSION;
                    tree.commit(List.of(
                            new Op.Delete(path, Op.ANY),
                            goes ? new Op.CreateEphemeral(path, text(path)) : new Op.Create(path, text(path))));
                }
                case CREATE_BELOW -> {
                    tree.commit(
                            List.of(new Op.Create(path + "/stranger", "x"), new Op.Delete(path + "/stranger", Op.ANY)));
                }
            }
            return true;
        } catch (Conflict e) {
            // It may be done; it only does not fit, as the removal of what has children.
            return true;
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("NoAuth");
            return false;
        }
    }

    private static boolean own(String path, NodeName node) {
        return List.of(
                        Paths.enrol(node),
                        Paths.inventory(node),
                        Paths.alive(node),
                        Paths.status(node),
                        TreeEntry.PLUGGED_NODE.path(node),
                        Paths.job(node, "j1"))
                .contains(path);
    }

    /** What the table says, worked out apart from what is tested. */
    private static boolean expected(NodeName node, boolean member, Attempt attempt, String path) {
        TreeEntry entry = TreeEntry.at(path).orElseThrow();
        boolean reads = own(path, node)
                || path.equals(Paths.node(node))
                || path.equals(Paths.assign(node))
                || path.equals(TreeEntry.PLUGS_NODE.path(node))
                || entry.readers() == TreeEntry.Readers.AGENTS
                || (member && (path.equals(Paths.rosters(DEMO)) || path.startsWith(Paths.rosters(DEMO) + "/")));
        return switch (attempt) {
            case READ -> reads;
            case WRITE -> own(path, node);
            // Also made again, as what it is.
            case DELETE -> own(path, node);
            case CREATE_BELOW -> false;
        };
    }

    @Test
    void aNodeReadsAndWritesWhatTheTableSaysAndNothingElse() throws Exception {
        int cells = 0;
        for (String name : List.of("n1", "n3", "n4")) {
            Tree tree = session(Role.NODE, name);
            NodeName node = new NodeName(name);
            List<String> paths = new ArrayList<>(existing());
            paths.addAll(Paths.FOLDERS);
            for (String path : paths) {
                List<String> below = session(Role.SERVER, "s1").children(path);
                assertThat(tree.children(path))
                        .as("node %s: what is below %s", name, path)
                        .isEqualTo(expected(node, name.equals("n1"), Attempt.READ, path) ? below : List.of());
                for (Attempt attempt : Attempt.values()) {
                    assertThat(succeeds(tree, attempt, path))
                            .as("node %s: %s of %s", name, attempt, path)
                            .isEqualTo(expected(node, name.equals("n1"), attempt, path));
                    cells++;
                }
            }
        }
        assertThat(cells).isGreaterThan(500);
    }

    @Test
    void whatIsAboveEverythingIsForServersAlone() throws Exception {
        Tree node = session(Role.NODE, "n1");
        for (String path : List.of("/", "/zookeeper")) {
            assertThat(session(Role.SERVER, "s1").children(path)).as(path).isNotEmpty();
            assertThat(node.children(path)).as(path).isEmpty();
        }
        assertThat(succeeds(node, Attempt.CREATE_BELOW, "/zookeeper")).isFalse();
    }

    @Test
    void keepersAndPeopleAndStrangersHaveNoSession() throws Exception {
        List<LiveCredentials> all = new ArrayList<>();
        for (Role role : Role.values()) {
            if (role != Role.SERVER && role != Role.NODE) {
                all.add(credentials(role, "x"));
            }
        }
        Authority other = Authority.open(directory.resolve("other"), InstantSource.system());
        Credentials foreign = other.issue(new Principal(Role.NODE, "n1"), DAY);
        all.add(new LiveCredentials(new Credentials(foreign.key(), foreign.certificate(), authority.roots())));
        Map<String, ZooKeeperTree> strangers = new HashMap<>();
        for (LiveCredentials each : all) {
            strangers.put(
                    each.current().principal() + " of "
                            + each.current().certificate().getIssuerX500Principal(),
                    open(each));
        }
        strangers.put("nobody", TreeSessions.openLean("127.0.0.1:" + zooKeeper.port(), Connections.plain(), LONG));
        try (ZooKeeperTree one = open(credentials(Role.NODE, "n4"))) {
            assertThat(one.awaitConnected(LONG)).isTrue();
            for (Map.Entry<String, ZooKeeperTree> each : strangers.entrySet()) {
                assertThat(each.getValue().awaitConnected(Duration.ofMillis(500)))
                        .as(each.getKey())
                        .isFalse();
            }
        } finally {
            strangers.values().forEach(ZooKeeperTree::close);
        }
    }

    @Test
    void aNodeThatIsRevokedLosesItsSessionAtOnce() throws Exception {
        LiveCredentials n5 = credentials(Role.NODE, "n5");
        try (ZooKeeperTree tree = open(n5)) {
            assertThat(tree.awaitConnected(LONG)).isTrue();
            tree.commit(List.of(new Op.CreateEphemeral(Paths.enrol(new NodeName("n5")), "x")));

            revocations.replace(Map.of(n5.current().principal(), Instant.now()));

            Tree server = session(Role.SERVER, "s1");
            await().atMost(LONG)
                    .until(() -> server.get(Paths.enrol(new NodeName("n5"))).isEmpty());
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
