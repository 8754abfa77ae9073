package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RefusedConnection;
import dev.scc.cluster.tree.EntryFacts;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Revocations;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A program with a node's real key, which tries to fill the tree. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class HostileNodeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N3 = new NodeName("n3");
    private static final List<ACL> TABLE = new ArrayList<>(Transactions.access(true));

    @TempDir
    static Path directory;

    private EmbeddedZooKeeper zooKeeper;
    private Authority authority;
    private LiveCredentials n1;
    private ZooKeeperTree server;
    private final Queue<RefusedConnection> refused = new ConcurrentLinkedQueue<>();

    /** Something that a node may not do. */
    @FunctionalInterface
    private interface Attack {
        void with(ZooKeeper session) throws KeeperException, InterruptedException;
    }

    @BeforeAll
    void start() throws Exception {
        authority = Authority.open(directory.resolve("authority"), InstantSource.system());
        LiveCredentials s1 =
                new LiveCredentials(authority.issue(new Principal(Role.SERVER, "s1"), Duration.ofHours(1)));
        n1 = new LiveCredentials(authority.issue(new Principal(Role.NODE, N1.value()), Duration.ofHours(1)));
        zooKeeper = EmbeddedZooKeeper.start(
                directory.resolve("zookeeper"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(new Guard(s1, new Revocations(), refused::add)),
                why -> {
                    throw new AssertionError(why);
                });
        server = TreeSessions.openLean(hosts(), Connections.as(s1), LONG);
        assertThat(server.awaitConnected(LONG)).isTrue();
        List<dev.scc.cluster.tree.Op> ops = new ArrayList<>();
        Paths.FOLDERS.forEach(folder -> ops.add(new dev.scc.cluster.tree.Op.Create(folder, "")));
        ops.add(new dev.scc.cluster.tree.Op.Create(Paths.node(N1), "x"));
        ops.add(new dev.scc.cluster.tree.Op.Create(Paths.status(N1), "x"));
        ops.add(new dev.scc.cluster.tree.Op.Create(Paths.status(N3), "x"));
        server.commit(ops);
        server.closeRoot();
    }

    @AfterAll
    void stop() {
        server.close();
        zooKeeper.close();
    }

    private String hosts() {
        return "127.0.0.1:" + zooKeeper.port();
    }

    private RawSession session() throws Exception {
        return RawSession.open(hosts(), Optional.of(n1), LONG);
    }

    private long entries() throws Exception {
        long entries = 0;
        List<String> level = List.of("/");
        while (!level.isEmpty()) {
            entries += level.size();
            List<String> next = new ArrayList<>();
            server.children(level)
                    .forEach((path, names) ->
                            names.forEach(name -> next.add(path.equals("/") ? "/" + name : path + "/" + name)));
            level = next;
        }
        return entries;
    }

    private void endsTheConnection(String why, Attack attack) throws Exception {
        refused.clear();
        long before = entries();
        try (RawSession session = session()) {
            assertThat(catchThrowableOfType(KeeperException.class, () -> attack.with(session.client()))
                            .code())
                    .as(why)
                    .isEqualTo(KeeperException.Code.CONNECTIONLOSS);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(refused)
                            .first()
                            .satisfies(one ->
                                    assertThat(one.who() + " asked for " + why).isEqualTo("node:n1 " + one.why())));
        }
        assertThat(entries()).as(why).isEqualTo(before);
        assertThat(server.facts(List.of(Paths.status(N1))).get(Paths.status(N1)))
                .as(why)
                .isEqualTo(
                        new EntryFacts(1, 0, EntryFacts.Life.PERSISTENT, EntryFacts.Access.TABLE, "scc:table:cdrwa"));
    }

    /** Class of hole: fields that are larger than anybody expects. */
    @Test
    void whatIsTooLargeIsNotTaken() throws Exception {
        String status = Paths.status(N1);
        endsTheConnection(
                "16385 bytes for /scc/status/n1, which may have 16384",
                session -> session.setData(status, new byte[(16 << 10) + 1], -1));
        endsTheConnection(
                "16385 bytes for /scc/status/n1, which may have 16384",
                session -> session.multi(List.of(Op.check(status, -1), Op.setData(status, new byte[16385], -1))));
        endsTheConnection(
                "20000 bytes for /scc/nodes/n1/inventory, which may have 16384",
                session -> session.create(Paths.inventory(N1), new byte[20_000], TABLE, CreateMode.PERSISTENT));
        endsTheConnection(
                "a request of more than 65536 bytes", session -> session.setData(status, new byte[1 << 20], -1));
    }

    /** Class of hole: a check of one name, and a deed under another. */
    @Test
    void numbersAppendedToItsOwnPathMakeNoEntriesOfOthers() throws Exception {
        for (CreateMode mode : List.of(CreateMode.PERSISTENT_SEQUENTIAL, CreateMode.EPHEMERAL_SEQUENTIAL)) {
            endsTheConnection(
                    "another lifetime of /scc/status/n1 than the table has",
                    session -> session.create(Paths.status(N1), new byte[1], TABLE, mode));
        }
    }

    @Test
    void itsEntriesLiveAsTheTableSaysAndBearItsAccessList() throws Exception {
        endsTheConnection(
                "another lifetime of /scc/jobs/n1:j1 than the table has",
                session -> session.create(Paths.job(N1, "j1"), new byte[1], TABLE, CreateMode.PERSISTENT));
        endsTheConnection(
                "another lifetime of /scc/nodes/n1/inventory than the table has",
                session -> session.create(Paths.inventory(N1), new byte[1], TABLE, CreateMode.EPHEMERAL));
        endsTheConnection(
                "another access list of /scc/nodes/n1/inventory than the table",
                session -> session.create(
                        Paths.inventory(N1), new byte[1], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        endsTheConnection(
                "an entry that ZooKeeper removes by itself",
                session -> session.create(Paths.inventory(N1), new byte[1], TABLE, CreateMode.CONTAINER));
        endsTheConnection("a name that it says in words", session -> {
            session.addAuthInfo("digest", new byte[4]);
            session.exists("/scc", false);
        });
    }

    /** Class of hole: one that asks for so much at a time that it is all permitted before any of it stands. */
    @Test
    void itLeadsAsManyJobsAsOneMayAndNotOneMore() throws Exception {
        int most = TreeEntry.JOB.mostOfOneNode();
        AtomicInteger made = new AtomicInteger();
        AtomicInteger denied = new AtomicInteger();
        int tried = 2 * most;
        CountDownLatch open = new CountDownLatch(tried);
        try (RawSession session = session();
                RawSession other = session()) {
            for (int i = 0; i < tried; i++) {
                (i % 2 == 0 ? session : other)
                        .client()
                        .create(
                                Paths.job(N1, "j" + i),
                                new byte[16 << 10],
                                TABLE,
                                CreateMode.EPHEMERAL,
                                (code, _, _, _) -> {
                                    made.addAndGet(code == KeeperException.Code.OK.intValue() ? 1 : 0);
                                    denied.addAndGet(code == KeeperException.Code.NOAUTH.intValue() ? 1 : 0);
                                    open.countDown();
                                },
                                null);
            }
            open.await();

            assertThat(made).hasValue(most);
            assertThat(denied).hasValue(tried - most);
            List<Op> more = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                more.add(Op.create(Paths.job(N1, "k" + i), new byte[1], TABLE, CreateMode.EPHEMERAL));
            }
            assertThat(catchThrowableOfType(
                                    KeeperException.class,
                                    () -> session.client().multi(more))
                            .code())
                    .isEqualTo(KeeperException.Code.NOAUTH);

            // All that it may have is a few megabytes, whatever it tries.
            Map<String, EntryFacts> own = server.facts(server.children(Paths.JOBS).stream()
                    .map(name -> Paths.JOBS + "/" + name)
                    .toList());
            assertThat(own).hasSize(most);
            assertThat(own.values().stream().mapToLong(EntryFacts::bytes).sum()).isEqualTo((long) most << 14);
        }
        await().atMost(LONG).until(() -> server.children(Paths.JOBS).isEmpty());
    }

    /** Class of hole: exhaustion by what is permitted once and done ten thousand times (CWE-770). */
    @Test
    void aNodeThatWritesWithoutEndIsReadSlowlyAndOthersAreNot() throws Exception {
        // What is left when the test ends has to be read before its session closes.
        int tried = 6_000;
        int atOnce = (int) (NodePace.AT_ONCE / NodePace.OF_EACH);
        LiveCredentials n3 =
                new LiveCredentials(authority.issue(new Principal(Role.NODE, N3.value()), Duration.ofHours(1)));
        try (RawSession flooding = RawSession.open(hosts(), Optional.of(n3), LONG);
                RawSession other = session()) {
            AtomicInteger written = new AtomicInteger();
            Instant began = Instant.now();
            for (int i = 0; i < tried; i++) {
                flooding.client()
                        .setData(
                                Paths.status(N3),
                                new byte[1],
                                -1,
                                (code, _, _, _) ->
                                        written.addAndGet(code == KeeperException.Code.OK.intValue() ? 1 : 0),
                                null);
            }
            await().atMost(LONG).until(() -> written.get() > atOnce / 2);

            for (int i = 0; i < 10; i++) {
                Instant asked = Instant.now();
                other.client().setData(Paths.status(N1), new byte[1], -1);
                assertThat(Duration.between(asked, Instant.now())).isLessThan(LONG);
            }
            double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
            assertThat(written.get())
                    .isLessThan((int) (atOnce + (seconds + 2) * NodePace.PER_SECOND / NodePace.OF_EACH));
            assertThat(written.get()).isLessThan(tried);
        }
    }
}
