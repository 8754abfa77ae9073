package dev.scc.simulation.zk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random operations on the simulated ZooKeeper and on a real one: after each of them, answers, all entries as each
 * session reads them, and what the watches have named are the same.
 */
@Timeout(240)
class ConformanceTest {
    private static final int SEQUENCES = 200;
    private static final int STEPS = 30;
    private static final int PARTIES = 3;
    private static final int REPLICAS = 3;
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final String WRITE_THROUGH = "zookeeper.forceSync";

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private final List<ZooKeeperTree> real = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        // Nothing here is to survive; the disk would take most of the time.
        System.setProperty(WRITE_THROUGH, "no");
        server = EmbeddedZooKeeper.start(directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        for (int i = 0; i < PARTIES; i++) {
            real.add(open());
        }
    }

    private ZooKeeperTree open() throws InterruptedException {
        ZooKeeperTree tree = TreeSessions.open("127.0.0.1:" + server.port(), Connections.plain(), LONG);
        assertThat(tree.awaitConnected(LONG)).isTrue();
        return tree;
    }

    @AfterEach
    void stop() {
        real.forEach(ZooKeeperTree::close);
        server.close();
        System.clearProperty(WRITE_THROUGH);
    }

    @Test
    void theSimulatedOneAnswersAsTheRealOne() throws Exception {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            new Sequence(seed).run();
        }
    }

    /** One sequence, below an entry of its own. */
    private final class Sequence {
        private final int seed;
        private final SplittableRandom random;
        private final SimZooKeeper zooKeeper = new SimZooKeeper(REPLICAS);
        private final List<FaultlessTree> simulated = new ArrayList<>();
        private final String root;
        private final List<String> paths = new ArrayList<>();
        private final Operations operations;
        /** Which session of which party an entry belongs to, for each of the two. */
        private final Map<Long, String> realOwners = new HashMap<>();

        private final Map<Long, String> simulatedOwners = new HashMap<>();
        private final List<String> realSignals = new CopyOnWriteArrayList<>();
        private final List<String> simulatedSignals = new ArrayList<>();
        private final Set<Long> over = ConcurrentHashMap.newKeySet();
        private int named;
        private String doing = "begins";

        Sequence(int seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.root = "/s" + seed;
            for (String below : List.of("", "/a", "/a/x", "/a/x/1", "/a/y", "/ab", "/b", "/b/x")) {
                paths.add(root + below);
            }
            this.operations =
                    new Operations(random, paths, path -> zooKeeper.newest().get(path));
        }

        void run() throws Exception {
            for (int party = 0; party < PARTIES; party++) {
                simulated.add(new FaultlessTree(zooKeeper, REPLICAS, party % REPLICAS));
                name(party);
            }
            for (int step = 0; step < STEPS; step++) {
                step(random.nextInt(PARTIES));
                compare(step);
            }
        }

        private void name(int party) throws Exception {
            String name = "session " + named++ + " of " + party;
            realOwners.put(real.get(party).session(), name);
            simulatedOwners.put(simulated.get(party).session(), name);
        }

        private void step(int party) throws Exception {
            int kind = random.nextInt(100);
            if (kind < 4) {
                reopen(party);
            } else if (kind < 12) {
                watch(party);
            } else {
                commit(party);
            }
        }

        private void reopen(int party) throws Exception {
            doing = party + " ends its session and begins another";
            // A session that its client ends may still tell it of what goes with it.
            over.add(simulated.get(party).session());
            real.get(party).close();
            real.set(party, open());
            simulated.get(party).close();
            simulated.set(party, new FaultlessTree(zooKeeper, REPLICAS, random.nextInt(REPLICAS)));
            name(party);
        }

        private void watch(int party) throws Exception {
            String path = operations.path();
            String watch = "watch " + named++ + " of " + party + " on " + path;
            doing = party + " begins " + watch;
            // That the watch stands, or does not any more, is signalled too, and is no change.
            long session = simulated.get(party).session();
            real.get(party)
                    .watch(
                            path,
                            changed -> {
                                if (!over.contains(session)) {
                                    realSignals.add(watch + ": " + changed);
                                }
                            },
                            () -> {});
            simulated.get(party).watch(path, changed -> simulatedSignals.add(watch + ": " + changed), () -> {});
            real.get(party).get(paths);
        }

        private void commit(int party) throws Exception {
            List<Op> ops = operations.transaction();
            doing = party + " commits " + ops;
            String asSimulated = answer(simulated.get(party), ops);

            assertThat(asSimulated).as(this::words).isEqualTo(answer(real.get(party), ops));
        }

        private static String answer(Tree tree, List<Op> ops) throws Exception {
            try {
                tree.commit(ops);
                return "done";
            } catch (Conflict e) {
                return e.index() + " " + e.why();
            } catch (IllegalStateException e) {
                return "refused";
            }
        }

        private void compare(int step) throws Exception {
            doing += ", step " + step;
            // ZooKeeper delivers what a session's watches have seen before it answers a later read of that session, and
            // the client hands both to the same thread when the read is asynchronous, as that of several paths is. So
            // what has not been signalled after these reads will not be.
            for (int party = 0; party < PARTIES; party++) {
                Map<String, Entry> seen = real.get(party).get(paths);
                assertThat(named(simulated.get(party).get(paths), simulatedOwners))
                        .as(this::words)
                        .isEqualTo(named(seen, realOwners));
            }
            int party = random.nextInt(PARTIES);
            String path = operations.path();
            assertThat(simulated.get(party).get(path).isPresent())
                    .as(this::words)
                    .isEqualTo(real.get(party).get(path).isPresent());
            assertThat(simulated.get(party).children(path))
                    .as(this::words)
                    .isEqualTo(real.get(party).children(path));
            // The order counts within a watch only, and not in what goes with a session.
            assertThat(simulatedSignals).as(this::words).containsExactlyInAnyOrderElementsOf(realSignals);
            simulatedSignals.clear();
            realSignals.clear();
        }

        private static Map<String, String> named(Map<String, Entry> entries, Map<Long, String> owners) {
            Map<String, String> named = new TreeMap<>();
            entries.forEach((path, entry) -> named.put(
                    path,
                    entry.text() + ", version " + entry.version()
                            + (entry.owner() == 0 ? "" : ", of " + owners.get(entry.owner()))));
            return named;
        }

        private String words() {
            return "seed " + seed + ", " + doing;
        }
    }
}
