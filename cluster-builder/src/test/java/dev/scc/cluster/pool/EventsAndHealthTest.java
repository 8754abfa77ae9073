package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Event;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.view.DryRunView;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.world.NodeState;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pool tells of itself, with real ZooKeeper, controller and agents on machines in memory. */
class EventsAndHealthTest {
    @TempDir
    Path directory;

    private static void refuse(TestPool pool, String node) {
        pool.fabric()
                .machine(new NodeName(node))
                .refuse(step -> step.object().key().equals("link:eni0"));
    }

    @Test
    void whatHappensToAClusterIsToldInOrder() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            List<EventList.Row> followed = new CopyOnWriteArrayList<>();
            Thread follower = Thread.ofVirtual().start(() -> {
                try {
                    pool.client().followEvents(followed::add);
                } catch (Exception e) {
                    Thread.currentThread().interrupt();
                }
            });
            pool.create(ClusterSpec.of("demo", 2));
            pool.delete("demo");

            List<EventList.Row> events = pool.client().events().events();

            assertThat(events).extracting(EventList.Row::what).contains("is enrolled", "leads, in epoch 1");
            assertThat(events.stream()
                            .filter(event -> event.kind() == Event.Kind.CLUSTER)
                            .map(event -> event.what().replaceAll(", request.*", "")))
                    .containsExactly(
                            "create demo",
                            "was Creating: all nodes are built",
                            "was Verifying: ready",
                            "delete demo",
                            "was Deleting: gone");
            await().atMost(TestPool.LONG).until(() -> followed.containsAll(events));
            follower.interrupt();
            follower.join();
            assertThat(followed).doesNotHaveDuplicates();
        }
    }

    @Test
    void aNodeThatFailsThreeTimesIsDrainedUntilAnOperatorPutsItBack() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            refuse(pool, "n1");
            for (int i = 0; i < 3; i++) {
                assertThat(pool.create(ClusterSpec.of("demo", 1))).isInstanceOf(Outcome.Failed.class);
                await().atMost(TestPool.LONG)
                        .until(() -> pool.count(NodeState.FREE) + pool.count(NodeState.CORDONED) == 1);
            }

            assertThat(pool.create(ClusterSpec.of("demo", 1)))
                    .asInstanceOf(type(Outcome.Refused.class))
                    .satisfies(refused ->
                            assertThat(refused.why()).contains("n1 is drained: add link:eni0: refused by the test"));
            assertThat(pool.client().events().events())
                    .extracting(EventList.Row::what)
                    .contains("has failed, and is drained after 3 failures: add link:eni0: refused by the test");

            pool.client().uncordon(new NodeName("n1"), ClusterClient.newRequestId(), TestPool.LONG);
            assertThat(pool.count(NodeState.FREE)).isEqualTo(1);
        }
    }

    @Test
    void aLostNodeIsToldOnceAndAgainWhenItIsBack() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            pool.killAgent("n1");
            await().atMost(TestPool.LONG).until(() -> told(pool, "is lost: its agent has been gone for 2 s") == 1);
            pool.startAgent("n1");
            await().atMost(TestPool.LONG).until(() -> told(pool, "is back") == 1);

            pool.killAgent("n1");
            await().atMost(TestPool.LONG).until(() -> told(pool, "is lost: its agent has been gone for 2 s") == 2);
        }
    }

    private static long told(TestPool pool, String what) throws Exception {
        return pool.client().events().events().stream()
                .filter(event -> event.what().equals(what))
                .count();
    }

    @Test
    void aDryRunSaysWhatTheCreateThenDoes() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.client().label(new NodeName("n2"), Map.of("rack", "a"), java.util.Set.of(), "l", TestPool.LONG);
            ClusterSpec spec = ClusterSpec.of("demo", 2);

            DryRunView forecast = pool.client().forecast(spec).view();

            assertThat(forecast.refused()).isEmpty();
            assertThat(pool.client().clusters().clusters()).isEmpty();
            pool.create(spec);
            assertThat(pool.client().cluster(spec.name()).orElseThrow().nodes())
                    .extracting(ClusterView.Node::name, ClusterView.Node::vpcIp, ClusterView.Node::rdmaIp)
                    .containsExactlyElementsOf(forecast.nodes().stream()
                            .map(node -> tuple(node.name(), node.vpcIp(), node.rdmaIp()))
                            .toList());
            assertThat(forecast.nodes().getFirst().steps())
                    .containsExactlyInAnyOrderElementsOf(
                            pool.fabric().machine(new NodeName("n1")).observe().objects().keySet().stream()
                                    .map(key -> "add " + key)
                                    .toList())
                    .isNotEmpty();
            ServerRpc.Forecasted other =
                    pool.client().forecast(ClusterSpec.of("other", 2).withSelect(Map.of("rack", "b")));
            assertThat(other.refusal()).contains(Refusal.NOT_ENOUGH_NODES);
            assertThat(other.view().unsuitable())
                    .containsExactly("n1 is in cluster demo", "n2 is in cluster demo", "n3 has not the label rack=b");
        }
    }
}
