package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(240)
class ControllerFaultsTest {
    @TempDir
    Path directory;

    enum Where {
        BEFORE,
        AFTER
    }

    /** Every write of a controller from the request on, in create and in delete. */
    @ParameterizedTest
    @EnumSource(Where.class)
    void anotherControllerGoesOnWhereverTheFirstIsKilled(Where where) throws Exception {
        for (int commit = 1; ; commit++) {
            AtomicBoolean killed = new AtomicBoolean();
            try (TestPool pool = new TestPool(directory.resolve(where + "-" + commit))) {
                AtomicBoolean armed = new AtomicBoolean();
                int dying = commit;
                pool.startController(
                        "s1",
                        tree -> new FaultyTree(tree, new FaultyTree.Fault() {
                            private int counted;

                            private void perhaps(Where now) {
                                if (armed.get() && now == where && ++counted == dying) {
                                    killed.set(true);
                                    pool.killControllerSoon("s1");
                                    throw new Killed(where + " commit " + dying);
                                }
                            }

                            @Override
                            public void before(int number, List<Op> ops) {
                                perhaps(Where.BEFORE);
                            }

                            @Override
                            public void after(int number, List<Op> ops) {
                                perhaps(Where.AFTER);
                            }
                        }));
                pool.startAgent("n1");
                pool.startAgent("n2");
                pool.awaitFree(2);
                armed.set(true);
                pool.startController("s2");

                Outcome created = pool.create(ClusterSpec.of("demo", 2));
                Outcome deleted = pool.delete("demo");

                assertThat(created).as("killed %s commit %d", where, commit).isInstanceOf(Outcome.Done.class);
                assertThat(deleted).as("killed %s commit %d", where, commit).isInstanceOf(Outcome.Done.class);
                assertThat(pool.bare("n1") && pool.bare("n2")).isTrue();
                pool.awaitFree(2);
            }
            if (!killed.get()) {
                // Create: the build, "verifying", "ready". Delete: "deleting", gone, nodes are free, at once or not.
                assertThat(commit - 1).isBetween(6, 7);
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void aCommitWithoutAnAnswerIsReadBackAndNotRepeatedBlindly(Where where) throws Exception {
        for (int commit = 1; commit <= 6; commit++) {
            AtomicBoolean armed = new AtomicBoolean();
            int lost = commit;
            try (TestPool pool = new TestPool(directory.resolve(where + "-" + commit))) {
                pool.startController(
                        "s1",
                        tree -> new FaultyTree(tree, new FaultyTree.Fault() {
                            private int counted;

                            private void perhaps(Where now) throws ConnectionLost {
                                if (armed.get() && now == where && ++counted == lost) {
                                    throw new ConnectionLost("by the test", new IllegalStateException());
                                }
                            }

                            @Override
                            public void before(int number, List<Op> ops) throws ConnectionLost {
                                perhaps(Where.BEFORE);
                            }

                            @Override
                            public void after(int number, List<Op> ops) throws ConnectionLost {
                                perhaps(Where.AFTER);
                            }
                        }));
                pool.startAgent("n1");
                pool.startAgent("n2");
                pool.awaitFree(2);
                armed.set(true);

                assertThat(pool.create(ClusterSpec.of("demo", 2))).isInstanceOf(Outcome.Done.class);
                assertThat(pool.client()
                                .cluster(new ClusterName("demo"))
                                .orElseThrow()
                                .revision())
                        .isEqualTo(1);
                assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
                pool.awaitFree(2);
            }
        }
    }

    /** The number of the leader's transactions is the same for 2 nodes and for 12. */
    @Test
    void aCreateTakesThreeTransactionsWhateverTheSize() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            AtomicReference<FaultyTree> counting = new AtomicReference<>();
            pool.startController("s1", tree -> {
                FaultyTree counted = new FaultyTree(tree, new FaultyTree.Fault() {});
                counting.set(counted);
                return counted;
            });
            for (int i = 1; i <= 12; i++) {
                pool.startAgent("n" + i);
            }
            pool.awaitFree(12);

            for (int size : new int[] {2, 12}) {
                int before = counting.get().commits();
                assertThat(pool.create(ClusterSpec.of("demo", size))).isInstanceOf(Outcome.Done.class);
                assertThat(counting.get().commits() - before).isEqualTo(3);
                pool.delete("demo");
                pool.awaitFree(12);
            }
        }
    }

    /** Its nodes are freed after that, but before the next request is judged. */
    @Test
    void whoIsToldThatAClusterIsGoneMayHaveItsNodes() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(4);
            for (int round = 0; round < 10; round++) {
                assertThat(pool.create(ClusterSpec.of("demo" + round % 2, 4)))
                        .as("round %d", round)
                        .isInstanceOf(Outcome.Done.class);
                assertThat(pool.delete("demo" + round % 2)).isInstanceOf(Outcome.Done.class);
            }
        }
    }

    @Test
    void theTreeComesBackAfterARestartAndEverybodyGoesOn() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 2));

            pool.restartZooKeeper();

            await().atMost(TestPool.LONG)
                    .ignoreExceptions()
                    .until(() -> pool.client().clusters().clusters().size() == 1);
            await().atMost(TestPool.LONG).ignoreExceptions().until(() -> pool.delete("demo") instanceof Outcome.Done);
            assertThat(pool.bare("n1") && pool.bare("n2")).isTrue();
        }
    }
}
