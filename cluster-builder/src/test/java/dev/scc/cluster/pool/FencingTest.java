package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Leader;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class FencingTest {
    private static final NodeName N1 = new NodeName("n1");

    @TempDir
    Path directory;

    /** A session of tests is short: on a busy machine its connection may be lost, and come again. */
    private static long epoch(Tree tree) {
        return await().atMost(TestPool.LONG)
                .ignoreExceptionsInstanceOf(ConnectionLost.class)
                .until(() -> Long.parseLong(tree.get(Paths.EPOCH).orElseThrow().text()), epoch -> epoch >= 0);
    }

    /** A controller that was held up over the end of its term must not write, whatever it has decided before. */
    @Test
    void aControllerThatWasHeldUpOverTheEndOfItsTermWritesNothing() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            AtomicBoolean armed = new AtomicBoolean();
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            pool.startController(
                    "slow",
                    tree -> new FaultyTree(tree, new FaultyTree.Fault() {
                        @Override
                        public void before(int number, List<Op> ops) {
                            if (armed.getAndSet(false)) {
                                held.countDown();
                                try {
                                    release.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }
                        }
                    }));
            pool.startAgent("n1");
            pool.awaitFree(1);
            try (ZooKeeperTree tree = pool.openTree()) {
                long before = epoch(tree);
                armed.set(true);
                Thread client = Thread.ofVirtual().start(() -> {
                    try {
                        pool.client().cordon(N1, "fan is broken", "r1", TestPool.LONG);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                held.await();

                // Another takes over while the first is about to write what it has decided.
                int version = tree.get(Paths.EPOCH).orElseThrow().version();
                tree.commit(List.of(
                        new Op.Delete(Paths.LEADER, Op.ANY),
                        new Op.CreateEphemeral(Paths.LEADER, Json.write(new Leader("other", before + 1))),
                        new Op.Set(Paths.EPOCH, Long.toString(before + 1), version)));
                release.countDown();

                await().during(java.time.Duration.ofMillis(500))
                        .atMost(TestPool.LONG)
                        .until(() -> tree.get(Paths.outcome("r1")).isEmpty());
                tree.commit(List.of(new Op.Delete(Paths.LEADER, Op.ANY)));
                client.join();
                assertThat(Json.read(tree.get(Paths.outcome("r1")).orElseThrow().text(), Outcome.class))
                        .isInstanceOf(Outcome.Done.class);
                assertThat(epoch(tree)).isEqualTo(before + 2);
            }
        }
    }

    @Test
    void anAgentRefusesAnAssignmentOfAnOlderEpoch() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            pool.create(ClusterSpec.of("demo", 1));
            pool.killController("s1");
            try (ZooKeeperTree tree = pool.openTree()) {
                assertThat(epoch(tree)).isGreaterThan(0);
                int version = tree.get(Paths.assign(N1)).orElseThrow().version();

                tree.commit(List.of(new Op.Set(
                        Paths.assign(N1), Json.write(new Assignment.Leave(0, new ClusterName("demo"), 70)), version)));

                await().during(java.time.Duration.ofMillis(700))
                        .atMost(TestPool.LONG)
                        .until(() -> !pool.bare("n1"));
                tree.commit(List.of(new Op.Set(
                        Paths.assign(N1),
                        Json.write(new Assignment.Leave(epoch(tree), new ClusterName("demo"), 70)),
                        version + 1)));
                await().atMost(TestPool.LONG).until(() -> pool.bare("n1"));
            }
        }
    }

    /** As when the server has begun anew on an empty disk. */
    @Test
    void freeNodeThatRefusesAnOlderEpochSaysWhyAndIsBlamedForNothing() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            pool.create(ClusterSpec.of("demo", 1));
            pool.delete("demo");
            pool.awaitFree(1);
            pool.killController("s1");
            try (ZooKeeperTree tree = pool.openTree()) {
                int version = tree.get(Paths.assign(N1)).orElseThrow().version();

                tree.commit(List.of(
                        new Op.Set(Paths.assign(N1), Json.write(new Assignment.Free(0, version + 1)), version)));
                pool.startController("s2");

                await().atMost(TestPool.LONG)
                        .untilAsserted(() -> assertThat(
                                        pool.client().nodes().nodes().getFirst().outOfService())
                                .contains("this node has obeyed epoch 1, and the assignment is of epoch 0"));
                assertThat(pool.count(NodeState.DIRTY)).isEqualTo(1);
                assertThat(pool.client().node(N1).orElseThrow().health()).isEmpty();

                // What the words tell to do.
                pool.killAgent("n1");
                Files.delete(directory.resolve("agent-n1").resolve("ledger.json"));
                pool.startAgent("n1");
                pool.awaitFree(1);
            }
        }
    }

    @Test
    void aSecondAgentUnderTheSameNameDoesNothing() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            pool.killAgent("n1");
            try (ZooKeeperTree tree = pool.openTree()) {
                await().atMost(TestPool.LONG)
                        .until(() -> tree.get(Paths.alive(N1)).isEmpty());
                tree.commit(List.of(new Op.CreateEphemeral(
                        Paths.alive(N1), Json.write(Alive.at("another-directory", Ipv4.parse("10.99.0.99"))))));

                pool.startAgent("n1");

                await().during(java.time.Duration.ofMillis(700))
                        .atMost(TestPool.LONG)
                        .until(() -> tree.get(Paths.alive(N1)).orElseThrow().owner() == tree.session());
            }
            pool.awaitFree(1);
        }
    }
}
