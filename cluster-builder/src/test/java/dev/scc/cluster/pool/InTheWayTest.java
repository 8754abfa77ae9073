package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Entries that nobody should have left in the tree keep one plan from fitting, and none of the others. */
@Timeout(240)
class InTheWayTest {
    private static final ClusterName DEMO = new ClusterName("demo");

    @TempDir
    Path directory;

    @Test
    void createThatCanNeverFitIsRefusedAndNamesTheEntryThatIsInTheWay() throws Exception {
        try (TestPool pool = new TestPool(directory);
                ZooKeeperTree tree = pool.openTree()) {
            pool.start(2);
            tree.commit(List.of(new Op.Create(Paths.rosters(DEMO), "")));

            Outcome outcome = pool.create(ClusterSpec.of("demo", 2));

            assertThat(outcome).asInstanceOf(type(Outcome.Refused.class)).satisfies(refused -> {
                assertThat(refused.reason()).isEqualTo(Refusal.DOES_NOT_FIT);
                assertThat(refused.why()).isEqualTo("/scc/rosters/demo is there already");
            });
            pool.client().leftovers(true, Duration.ofSeconds(20));
            assertThat(pool.create(ClusterSpec.of("demo", 2))).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void clusterThatCannotGoHoldsUpNoOtherAndGoesWhenTheWayIsFree() throws Exception {
        try (TestPool pool = new TestPool(directory);
                ZooKeeperTree tree = pool.openTree()) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 1));
            tree.commit(List.of(new Op.Create(Paths.roster(DEMO, 99), "")));
            CompletableFuture<Outcome> deleted = CompletableFuture.supplyAsync(
                    () -> {
                        try (ClusterClient another = pool.openClient()) {
                            return another.delete(DEMO, ClusterClient.newRequestId(), TestPool.LONG, event -> {});
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Thread::startVirtualThread);
            await().atMost(TestPool.LONG).until(() -> pool.bare("n1") && pool.bare("n2"));

            assertThat(pool.create(ClusterSpec.of("other", 1))).isInstanceOf(Outcome.Done.class);
            assertThat(pool.client().cluster(DEMO)).isPresent();

            tree.commit(List.of(new Op.Delete(Paths.roster(DEMO, 99), Op.ANY)));
            assertThat(deleted.get()).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void nodeThatCannotBeEnrolledKeepsNoOtherOut() throws Exception {
        try (TestPool pool = new TestPool(directory);
                ZooKeeperTree tree = pool.openTree()) {
            pool.start(1);
            tree.commit(
                    List.of(new Op.Create(Paths.assign(new NodeName("n2")), Json.write(new Assignment.Free(1, 0)))));

            pool.startAgent("n2");
            await().atMost(TestPool.LONG)
                    .until(() -> tree.get(Paths.enrol(new NodeName("n2"))).isPresent());
            pool.startAgent("n3");

            pool.awaitFree(2);
            assertThat(pool.create(ClusterSpec.of("demo", 2))).isInstanceOf(Outcome.Done.class);
        }
    }
}
