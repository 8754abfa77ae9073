package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class CreateAndDeleteTest {
    @TempDir
    Path directory;

    @Test
    void aClusterIsBuiltVerifiedAndTakenDownWithoutATrace() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            List<Progress> events = new ArrayList<>();

            Outcome created = pool.client()
                    .create(ClusterSpec.of("demo", 3), ClusterClient.newRequestId(), TestPool.LONG, events::add);

            assertThat(created).isInstanceOf(Outcome.Done.class);
            ClusterView view = pool.client().cluster(new ClusterName("demo")).orElseThrow();
            assertThat(view.phase()).isEqualTo(ClusterPhase.READY);
            assertThat(view.vpc().vni().value()).isEqualTo(70);
            assertThat(view.segment().vlan().value()).isEqualTo(70);
            assertThat(view.segment().cidr()).hasToString("10.70.0.0/24");
            assertThat(view.nodes()).extracting(ClusterView.Node::name).hasToString("[n1, n2, n3]");
            assertThat(view.nodes()).allSatisfy(node -> assertThat(node.gid()).isNotEmpty());
            assertThat(view.verification().passed()).isEqualTo(3);
            assertThat(view.phases()).extracting("name").containsExactly("Creating", "Verifying");
            assertThat(events).anyMatch(Progress.Entered.class::isInstance);
            assertThat(pool.count(NodeState.ASSIGNED)).isEqualTo(3);
            assertThat(pool.bare("n1")).isFalse();

            events.clear();
            Outcome again = pool.client()
                    .create(ClusterSpec.of("demo", 1), ClusterClient.newRequestId(), TestPool.LONG, events::add);

            assertThat(again).isInstanceOf(Outcome.Refused.class);
            assertThat(events).as("of the cluster that has the name already").isEmpty();

            Outcome deleted = pool.delete("demo");

            assertThat(deleted)
                    .asInstanceOf(type(Outcome.Done.class))
                    .satisfies(done -> assertThat(done.left()).isEmpty());
            assertThat(pool.bare("n1") && pool.bare("n2") && pool.bare("n3")).isTrue();
            assertThat(pool.client().clusters().clusters()).isEmpty();
            pool.awaitFree(3);
        }
    }

    @Test
    void whatProvedANodeCleanIsNotSaidAgainWhenItIsFreed() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            for (int round = 0; round < 3; round++) {
                assertThat(pool.create(ClusterSpec.of("demo", 1))).isInstanceOf(Outcome.Done.class);
                assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
            }

            // Clean at first, and in each round "reached" and "clean" again.
            try (ZooKeeperTree tree = pool.openTree()) {
                assertThat(tree.get(Paths.status(new NodeName("n1"))))
                        .hasValueSatisfying(
                                status -> assertThat(status.version()).isEqualTo(6));
            }
        }
    }

    @Test
    void nodesCanBeGivenOutAgainRightAfterADelete() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);

            for (int round = 0; round < 5; round++) {
                assertThat(pool.create(ClusterSpec.of("demo", 2))).isInstanceOf(Outcome.Done.class);
                assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
            }
        }
    }

    @Test
    void twoClustersShareNothing() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(4);

            pool.create(ClusterSpec.of("one", 2));
            pool.create(ClusterSpec.of("two", 2));

            ClusterView one = pool.client().cluster(new ClusterName("one")).orElseThrow();
            ClusterView two = pool.client().cluster(new ClusterName("two")).orElseThrow();
            assertThat(one.vpc().vni()).isNotEqualTo(two.vpc().vni());
            assertThat(one.segment().vlan()).isNotEqualTo(two.segment().vlan());
            assertThat(one.vpc().cidr().overlaps(two.vpc().cidr())).isFalse();
            assertThat(one.segment().cidr().overlaps(two.segment().cidr())).isFalse();
            assertThat(one.nodes())
                    .extracting(ClusterView.Node::name)
                    .doesNotContainAnyElementsOf(
                            two.nodes().stream().map(ClusterView.Node::name).toList());
        }
    }

    @Test
    void aRepeatedRequestIdChangesNothing() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            String id = ClusterClient.newRequestId();
            ClusterSpec spec = ClusterSpec.of("demo", 2);
            Outcome first = pool.client().create(spec, id, TestPool.LONG, event -> {});
            pool.delete("demo");

            Outcome again = pool.client().create(spec, id, TestPool.LONG, event -> {});

            assertThat(again).isEqualTo(first);
            assertThat(pool.client().clusters().clusters()).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefusedWithTheReason() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 1));

            assertRefused(pool.create(ClusterSpec.of("demo", 1)), Refusal.NAME_TAKEN, "demo");
            assertRefused(
                    pool.create(ClusterSpec.of("more", 2)),
                    Refusal.NOT_ENOUGH_NODES,
                    "2 wanted, 1 of 2 suitable: n1 is in cluster demo");
            assertRefused(pool.delete("ghost"), Refusal.UNKNOWN, "ghost");
            pool.client().cordon(new NodeName("n2"), "fan is broken", ClusterClient.newRequestId(), TestPool.LONG);
            assertRefused(
                    pool.create(ClusterSpec.of("more", 1)), Refusal.NOT_ENOUGH_NODES, "n2 is cordoned: fan is broken");
        }
    }

    private static void assertRefused(Outcome outcome, Refusal reason, String words) {
        assertThat(outcome).asInstanceOf(type(Outcome.Refused.class)).satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.why()).contains(words);
        });
    }

    @Test
    void whatWasAskedIsShownUntilItIsOldAndThenForgotten() throws Exception {
        Timing forgetful =
                new Timing(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(8), Duration.ofSeconds(1));
        try (TestPool pool = new TestPool(directory, forgetful)) {
            pool.startController("s1");
            NodeName nobody = new NodeName("n9");
            Request asked = new Request.Cordon(nobody, "bad fan");

            Outcome outcome = pool.client().cordon(nobody, "bad fan", "first", TestPool.LONG);

            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(pool.client().request("first").orElse(asked)).isEqualTo(asked);
            await().atMost(TestPool.LONG).until(() -> {
                // Controllers look at what is old when they look at anything.
                pool.client().uncordon(nobody, ClusterClient.newRequestId(), TestPool.LONG);
                return pool.client().request("first").isEmpty();
            });
        }
    }
}
