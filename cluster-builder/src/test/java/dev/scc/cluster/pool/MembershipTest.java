package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that join, leave and take each other's places, with real ZooKeeper, controller and agents on machines in memory. */
class MembershipTest {
    private static final ClusterName DEMO = new ClusterName("demo");

    @TempDir
    Path directory;

    private static Outcome scale(TestPool pool, int nodes) throws Exception {
        return pool.client().scale(DEMO, nodes, ClusterClient.newRequestId(), TestPool.LONG, event -> {});
    }

    private static ClusterView demo(TestPool pool) throws Exception {
        return pool.client().cluster(DEMO).orElseThrow();
    }

    private static List<String> names(TestPool pool) throws Exception {
        return demo(pool).nodes().stream().map(node -> node.name().value()).toList();
    }

    private static void refuse(TestPool pool, String node) {
        pool.fabric()
                .machine(new NodeName(node))
                .refuse(step -> step.object().key().equals("link:eni0"));
    }

    private static ClusterSpec spec(int nodes, OnFailure policy) {
        return ClusterSpec.of("demo", nodes).withOnFailure(policy);
    }

    @Test
    void thoseWhoStayKeepTheirAddressesWhenOthersJoinAndLeave() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(4);
            assertThat(pool.create(ClusterSpec.of("demo", 2))).isInstanceOf(Outcome.Done.class);
            ClusterView before = demo(pool);

            assertThat(scale(pool, 4)).isInstanceOf(Outcome.Done.class);

            ClusterView grown = demo(pool);
            assertThat(grown.phase()).isEqualTo(ClusterPhase.READY);
            assertThat(grown.revision()).isEqualTo(2);
            assertThat(grown.nodes().subList(0, 2)).isEqualTo(before.nodes());
            assertThat(grown.nodes())
                    .extracting(node -> node.rdmaIp().toString())
                    .containsExactly("10.70.0.1", "10.70.0.2", "10.70.0.3", "10.70.0.4");
            assertThat(grown.verification().pairs()).isEqualTo(6);
            assertThat(grown.phases()).extracting("name").containsExactly("Scaling", "Verifying");

            assertThat(scale(pool, 1)).isInstanceOf(Outcome.Done.class);

            assertThat(demo(pool).nodes()).isEqualTo(before.nodes().subList(0, 1));
            assertThat(pool.count(NodeState.FREE)).isEqualTo(3);
            assertThat(pool.bare("n2") && pool.bare("n3") && pool.bare("n4")).isTrue();
            assertThat(scale(pool, 2)).isInstanceOf(Outcome.Done.class);
            assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
            pool.awaitFree(4);
        }
    }

    @Test
    void moreNodesThanThereAreIsRefusedAndChangesNothing() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 1));
            ClusterView before = demo(pool);

            assertThat(scale(pool, 3)).asInstanceOf(type(Outcome.Refused.class)).satisfies(refused -> {
                assertThat(refused.reason()).isEqualTo(Refusal.NOT_ENOUGH_NODES);
                assertThat(refused.why()).contains("2 wanted, 1 of 2 suitable").contains("n1 is in cluster demo");
            });
            assertThat(demo(pool)).isEqualTo(before);
            assertThat(scale(pool, 1)).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void aNodeThatCannotJoinIsTakenOutAgainAndTheClusterGoesOn() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(4);
            pool.create(ClusterSpec.of("demo", 2));
            ClusterView before = demo(pool);
            refuse(pool, "n4");

            assertThat(scale(pool, 4)).asInstanceOf(type(Outcome.Failed.class)).satisfies(failed -> {
                assertThat(failed.failure().node()).contains(new NodeName("n4"));
                assertThat(failed.failure().done()).contains("taken out again; the cluster has 2 nodes");
            });

            assertThat(demo(pool).phase()).isEqualTo(ClusterPhase.READY);
            assertThat(demo(pool).nodes()).isEqualTo(before.nodes());
            assertThat(pool.bare("n3") && pool.bare("n4")).isTrue();
            assertThat(pool.count(NodeState.FREE)).isEqualTo(2);
        }
    }

    @Test
    void aNodeThatFailsInCreateIsReplaced() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(5);
            refuse(pool, "n2");
            pool.fabric().unplug(new NodeName("n3"));

            assertThat(pool.create(spec(3, OnFailure.REPLACE))).isInstanceOf(Outcome.Done.class);

            assertThat(names(pool)).containsExactly("n1", "n4", "n5");
            await().atMost(TestPool.LONG).until(() -> pool.bare("n2") && pool.bare("n3"));
            assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
            pool.awaitFree(5);
        }
    }

    @Test
    void withoutAnotherNodeToTakeItsPlaceTheCreateIsRolledBack() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            refuse(pool, "n2");

            assertThat(pool.create(spec(2, OnFailure.REPLACE)))
                    .asInstanceOf(type(Outcome.Failed.class))
                    .satisfies(failed -> assertThat(failed.failure().why())
                            .contains("refused by the test")
                            .contains("no other node could take its place"));
            pool.awaitFree(2);
        }
    }

    @Test
    void aLostMemberIsReplacedAndCleansItselfWhenItReturns() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.create(spec(2, OnFailure.REPLACE));
            assertThat(names(pool)).containsExactly("n1", "n2");

            pool.killAgent("n2");

            await().atMost(TestPool.LONG)
                    .until(() -> demo(pool).phase() == ClusterPhase.READY
                            && names(pool).equals(List.of("n1", "n3")));
            assertThat(demo(pool).nodes().getLast().rdmaIp()).hasToString("10.70.0.3");
            assertThat(demo(pool).verification().passed()).isEqualTo(1);
            assertThat(pool.bare("n2")).isFalse();
            pool.startAgent("n2");
            await().atMost(TestPool.LONG).until(() -> pool.count(NodeState.FREE) == 1);
            assertThat(pool.bare("n2")).isTrue();
        }
    }

    @Test
    void aLostMemberIsReplacedAsSoonAsThereIsAnotherNode() throws Exception {
        try (TestPool pool = new TestPool(directory);
                ZooKeeperTree tree = pool.openTree()) {
            pool.start(2);
            pool.create(spec(2, OnFailure.REPLACE));
            pool.killAgent("n2");
            await().atMost(TestPool.LONG)
                    .until(() -> tree.get(Paths.cluster(DEMO))
                            .map(entry -> Json.read(entry.text(), ClusterRecord.class))
                            .filter(cluster -> cluster.phase() == ClusterPhase.DEGRADED)
                            .flatMap(ClusterRecord::failure)
                            .filter(failure -> failure.done().contains("waiting for a replacement"))
                            .isPresent());

            pool.startAgent("n3");

            await().atMost(TestPool.LONG)
                    .until(() -> demo(pool).phase() == ClusterPhase.READY
                            && names(pool).equals(List.of("n1", "n3")));
        }
    }

    @Test
    void scalingADegradedClusterToItsOwnSizeReplacesWhatIsLost() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.create(ClusterSpec.of("demo", 2));
            pool.killAgent("n1");
            await().atMost(TestPool.LONG).until(() -> demo(pool).phase() == ClusterPhase.DEGRADED);

            assertThat(scale(pool, 2))
                    .asInstanceOf(type(Outcome.Done.class))
                    .satisfies(done -> assertThat(done.left()).containsExactly("node n1: not proven clean"));

            assertThat(names(pool)).containsExactly("n2", "n3");
            assertThat(pool.delete("demo"))
                    .asInstanceOf(type(Outcome.Done.class))
                    .satisfies(done -> assertThat(done.left()).containsExactly("node n1: lost, and not proven clean"));
            pool.startAgent("n1");
            pool.awaitFree(3);
        }
    }

    @Test
    void aJoiningNodeThatFailsIsReplacedIfTheSpecSaysSo() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            refuse(pool, "n2");
            pool.create(spec(1, OnFailure.REPLACE));

            assertThat(scale(pool, 2)).isInstanceOf(Outcome.Done.class);

            assertThat(names(pool)).containsExactly("n1", "n3");
        }
    }

    @Test
    void deleteInTheMiddleOfScalingTakesEverybodyOut() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.create(ClusterSpec.of("demo", 1));
            pool.fabric().machine(new NodeName("n3")).refuse(step -> {
                await().atMost(TestPool.LONG).until(() -> demo(pool).phase() == ClusterPhase.DELETING);
                return false;
            });
            Thread scaling = Thread.ofVirtual().start(() -> {
                try {
                    assertThat(scale(pool, 3)).isInstanceOf(Outcome.Failed.class);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            await().atMost(TestPool.LONG).until(() -> demo(pool).phase() == ClusterPhase.SCALING);

            assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);

            scaling.join();
            pool.awaitFree(3);
            assertThat(pool.bare("n1") && pool.bare("n2") && pool.bare("n3")).isTrue();
        }
    }
}
