package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the port promises, on a real ZooKeeper, by both ways to it. */
@Timeout(240)
@ParameterizedClass
@EnumSource(ZooKeeperTreeTest.Way.class)
class ZooKeeperTreeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SESSION = Duration.ofSeconds(15);

    enum Way {
        CURATOR,
        PLAIN;

        ZooKeeperTree open(String hosts) {
            return switch (this) {
                case CURATOR -> TreeSessions.open(hosts, Connections.plain(), SESSION);
                case PLAIN -> TreeSessions.openLean(hosts, Connections.plain(), SESSION);
            };
        }
    }

    private final Way way;

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private ZooKeeperTree tree;

    ZooKeeperTreeTest(Way way) {
        this.way = way;
    }

    @BeforeEach
    void start() throws Exception {
        server = start(0);
        tree = open();
    }

    private EmbeddedZooKeeper start(int port) throws IOException, InterruptedException {
        return EmbeddedZooKeeper.start(directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private ZooKeeperTree open() throws InterruptedException {
        ZooKeeperTree opened = way.open("127.0.0.1:" + server.port());
        assertThat(opened.awaitConnected(LONG)).isTrue();
        return opened;
    }

    @AfterEach
    void stop() {
        tree.close();
        server.close();
    }

    @Test
    void whatIsWrittenIsReadWithItsVersion() throws Exception {
        tree.commit(List.of(new Op.Create("/a", "one")));
        tree.commit(List.of(new Op.Set("/a", "two — ü", 0)));

        assertThat(tree.get("/a")).contains(new Entry("two — ü", 1, 0));
        assertThat(tree.get("/b")).isEmpty();
        assertThat(tree.get(List.of("/a", "/b"))).containsOnlyKeys("/a");
    }

    @Test
    void aTransactionThatDoesNotFitChangesNothingAndSaysWhichPart() throws Exception {
        tree.commit(List.of(new Op.Create("/a", "")));

        assertConflict(1, Conflict.Why.ALREADY_THERE, new Op.Create("/b", ""), new Op.Create("/a", ""));
        assertConflict(1, Conflict.Why.OTHER_VERSION, new Op.Create("/b", ""), new Op.Set("/a", "x", 7));
        assertConflict(0, Conflict.Why.OTHER_VERSION, new Op.Check("/a", 3), new Op.Create("/b", ""));
        assertConflict(1, Conflict.Why.NOT_THERE, new Op.Create("/b", ""), new Op.Delete("/c", Op.ANY));
        assertConflict(0, Conflict.Why.NOT_THERE, new Op.Check("/c", 0), new Op.Create("/b", ""));
        tree.commit(List.of(new Op.Create("/a/child", "")));
        assertConflict(1, Conflict.Why.HAS_CHILDREN, new Op.Create("/b", ""), new Op.Delete("/a", Op.ANY));
        assertThat(tree.get("/b")).isEmpty();
    }

    private void assertConflict(int index, Conflict.Why why, Op... ops) {
        assertThatThrownBy(() -> tree.commit(List.of(ops))).isInstanceOfSatisfying(Conflict.class, conflict -> {
            assertThat(conflict.index()).isEqualTo(index);
            assertThat(conflict.why()).isEqualTo(why);
        });
    }

    @Test
    void aTransactionSeesItsOwnEarlierParts() throws Exception {
        tree.commit(List.of(
                new Op.Create("/a", "1"),
                new Op.Create("/a/b", "2"),
                new Op.Delete("/a/b", 0),
                new Op.Set("/a", "3", 0)));

        assertThat(tree.get("/a").orElseThrow().text()).isEqualTo("3");
        assertThat(tree.children("/a")).isEmpty();
    }

    @Test
    void manyAreReadAtOnceAndThoseThatAreNotThereAreLeftOut() throws Exception {
        List<Op> ops = new ArrayList<>(List.of(new Op.Create("/many", "")));
        for (int number = 0; number < 100; number += 2) {
            ops.add(new Op.Create("/many/" + number, "text of " + number));
        }
        ops.add(new Op.Set("/many/98", "another text", 0));
        tree.commit(ops);

        Map<String, Entry> read = tree.get(
                IntStream.range(0, 100).mapToObj(number -> "/many/" + number).toList());

        assertThat(read).hasSize(50);
        assertThat(read.get("/many/42")).isEqualTo(new Entry("text of 42", 0, 0));
        assertThat(read.get("/many/98")).isEqualTo(new Entry("another text", 1, 0));
        assertThat(tree.get(List.of())).isEmpty();
    }

    @Test
    void manyThatCannotBeReadSayThatTheConnectionIsLost() {
        server.close();

        assertThatThrownBy(() -> tree.get(
                        IntStream.range(0, 100).mapToObj(number -> "/" + number).toList()))
                .isInstanceOf(ConnectionLost.class)
                .hasMessageContaining("reading 100 entries");
    }

    @Test
    void childrenAreSorted() throws Exception {
        tree.commit(List.of(new Op.Create("/b", ""), new Op.Create("/b/z", ""), new Op.Create("/b/a", "")));

        assertThat(tree.children("/b")).containsExactly("a", "z");
        assertThat(tree.children("/nothing")).isEmpty();
    }

    @Test
    void anEphemeralEntryNamesItsSessionAndGoesWithIt() throws Exception {
        ZooKeeperTree other = open();
        other.commit(List.of(new Op.CreateEphemeral("/e", "")));
        assertThat(tree.get("/e").orElseThrow().owner())
                .isEqualTo(other.session())
                .isNotZero();

        other.close();

        await().atMost(LONG).until(() -> tree.get("/e").isEmpty());
    }

    @Test
    void aWatchSignalsChangesAtAndBelowItsPathAgainAndAgain() throws Exception {
        AtomicInteger signals = new AtomicInteger();
        tree.watch("/w", signals::incrementAndGet);
        await().atMost(LONG).until(() -> signals.get() > 0);

        for (Op op : List.of(
                new Op.Create("/w", ""),
                new Op.Create("/w/x", ""),
                new Op.Set("/w/x", "1", Op.ANY),
                new Op.Set("/w/x", "2", Op.ANY),
                new Op.Delete("/w/x", Op.ANY))) {
            int before = signals.get();
            tree.commit(List.of(op));
            await().atMost(LONG).until(() -> signals.get() > before);
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesARestartAndTheSessionToo() throws Exception {
        List<SessionState> states = new CopyOnWriteArrayList<>();
        AtomicInteger signals = new AtomicInteger();
        tree.onSession(states::add);
        tree.watch("/a", signals::incrementAndGet);
        tree.commit(List.of(new Op.Create("/a", "kept"), new Op.CreateEphemeral("/e", "")));
        long session = tree.session();
        int port = server.port();

        server.close();
        await().atMost(LONG).until(() -> states.contains(SessionState.SUSPENDED));
        assertThatThrownBy(() -> tree.get("/a")).isInstanceOf(ConnectionLost.class);
        int before = signals.get();
        server = start(port);

        await().atMost(LONG).until(() -> states.getLast() == SessionState.CONNECTED);
        assertThat(tree.get("/a").orElseThrow().text()).isEqualTo("kept");
        assertThat(tree.session()).isEqualTo(session);
        assertThat(tree.get("/e")).isPresent();
        await().atMost(LONG).until(() -> signals.get() > before);
        int again = signals.get();
        tree.commit(List.of(new Op.Set("/a", "changed", Op.ANY)));
        await().atMost(LONG).until(() -> signals.get() > again);
    }

    @Test
    void anExpiredSessionIsReplacedAndItsWatchesStandAgain() throws Exception {
        List<SessionState> states = new CopyOnWriteArrayList<>();
        AtomicInteger signals = new AtomicInteger();
        tree.onSession(states::add);
        tree.watch("/a", signals::incrementAndGet);
        tree.commit(List.of(new Op.Create("/a", ""), new Op.CreateEphemeral("/e", "")));
        long session = tree.session();

        server.expire(session);

        await().atMost(LONG).until(() -> states.contains(SessionState.LOST));
        await().atMost(LONG).until(() -> states.getLast() == SessionState.CONNECTED);
        assertThat(tree.session()).isNotEqualTo(session);
        assertThat(tree.get("/e")).isEmpty();
        // A new connection signals by itself, but not as often.
        for (int change = 0; change < 5; change++) {
            int before = signals.get();
            tree.commit(List.of(new Op.Set("/a", "changed " + change, Op.ANY)));
            await().atMost(LONG).until(() -> signals.get() > before);
        }
    }

    @Test
    void aTransactionForAThousandNodesFits() throws Exception {
        List<Op> ops = new ArrayList<>();
        ops.add(new Op.Create("/big", "x".repeat(600_000)));
        for (int i = 0; i < 3000; i++) {
            ops.add(new Op.Create("/big/" + i, "y".repeat(150)));
        }

        tree.commit(ops);

        assertThat(tree.children("/big")).hasSize(3000);
        assertThat(tree.get("/big").orElseThrow().text()).hasSize(600_000);
    }

    @Test
    void anAddressThatIsTakenIsSaid() {
        assertThatThrownBy(() -> EmbeddedZooKeeper.start(
                        directory.resolve("other"),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(Integer.toString(server.port()));
    }

    @Test
    void nobodyThereMeansNotConnected() throws Exception {
        try (ZooKeeperTree nobody = way.open("127.0.0.1:1")) {
            assertThat(nobody.awaitConnected(Duration.ofMillis(300))).isFalse();
        }
    }
}
