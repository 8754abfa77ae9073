package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Failure;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class FailureInCreateTest {
    @TempDir
    Path directory;

    private static Failure failure(Outcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(type(Outcome.Failed.class))
                .actual()
                .failure();
    }

    @Test
    void aStepThatFailsOnOneNodeUndoesEverythingOnAllNodes() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.fabric()
                    .machine(new NodeName("n2"))
                    .refuse(step -> step.object().key().equals("link:eni0"));

            Failure failure = failure(pool.create(ClusterSpec.of("demo", 3)));

            assertThat(failure.node()).contains(new NodeName("n2"));
            assertThat(failure.step()).contains(new Failure.OfNode("add link:eni0"));
            assertThat(failure.why()).contains("refused by the test");
            assertThat(failure.done()).isEqualTo("everything was undone on all 3 nodes");
            assertThat(failure.left()).isEmpty();
            assertThat(pool.bare("n1") && pool.bare("n2") && pool.bare("n3")).isTrue();
            assertThat(pool.client().clusters().clusters()).isEmpty();
            pool.awaitFree(3);
        }
    }

    @Test
    void aPairThatCannotTalkUndoesEverythingAndBlamesTheNode() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.fabric().unplug(new NodeName("n3"));

            Failure failure = failure(pool.create(ClusterSpec.of("demo", 3)));

            assertThat(failure.node()).contains(new NodeName("n3"));
            assertThat(failure.step()).contains(new Failure.Verification());
            assertThat(failure.why()).contains("2 of 3 pairs failed").contains("n3 does not answer");
            assertThat(pool.bare("n1") && pool.bare("n2") && pool.bare("n3")).isTrue();
            pool.awaitFree(3);
        }
    }

    @Test
    void aNodeWhoseVpcCarriesNothingIsNamedBeforeReady() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.fabric().wallOff(Ipv4.parse("172.30.0.2"));

            Failure failure = failure(pool.create(ClusterSpec.of("demo", 3)
                    .withCidrs(Optional.of(Cidr.parse("172.30.0.0/24")), Optional.empty())
                    .withVerify(Pattern.OFF)));

            assertThat(failure.node()).contains(new NodeName("n2"));
            assertThat(failure.step()).contains(new Failure.VpcProbes());
            assertThat(failure.why())
                    .contains("2 of 3 paths in the VPC failed")
                    .contains("node n2: fails with 2 of 2 partners");
            assertThat(failure.done()).isEqualTo("everything was undone on all 3 nodes");
            assertThat(failure.next()).contains("UDP port 4789", "at node n2 (10.99.0.12)");
            assertThat(pool.bare("n1") && pool.bare("n2") && pool.bare("n3")).isTrue();
            pool.awaitFree(3);
        }
    }

    @Test
    void policyKeepLeavesWhatWasBuilt() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.fabric().unplug(new NodeName("n2"));

            Failure failure = failure(pool.create(ClusterSpec.of("demo", 2).withOnFailure(OnFailure.KEEP)));

            assertThat(failure.next()).isEqualTo("scc delete demo");
            assertThat(pool.client()
                            .cluster(new ClusterName("demo"))
                            .orElseThrow()
                            .phase())
                    .isEqualTo(ClusterPhase.FAILED);
            assertThat(pool.bare("n1")).isFalse();
            assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
            assertThat(pool.bare("n1")).isTrue();
        }
    }

    @Test
    void anAgentThatDiesAndStaysAwayRollsTheOthersBackAndIsNamed() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            AtomicInteger steps = new AtomicInteger();
            pool.startAgent(
                    "n3",
                    machine -> new DyingMachine(machine, () -> steps.incrementAndGet() == 4, pool, "n3"),
                    tree -> tree);
            pool.awaitFree(3);

            Failure failure = failure(pool.create(ClusterSpec.of("demo", 3)));

            assertThat(failure.node()).contains(new NodeName("n3"));
            assertThat(failure.left()).containsExactly("node n3: lost, and not proven clean");
            assertThat(pool.bare("n1") && pool.bare("n2")).isTrue();
            assertThat(pool.bare("n3")).isFalse();
            pool.awaitFree(2);
            assertThat(pool.count(NodeState.DIRTY)).isEqualTo(1);
            assertThat(pool.create(ClusterSpec.of("other", 3))).isInstanceOf(Outcome.Refused.class);

            pool.startAgent("n3");

            pool.awaitFree(3);
            assertThat(pool.bare("n3")).isTrue();
        }
    }

    @Test
    void theNetworkOfALostNodeIsNotGivenToOthers() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(3);
            pool.create(ClusterSpec.of("demo", 2));
            pool.killAgent("n2");

            Outcome deleted = pool.delete("demo");

            assertThat(deleted)
                    .asInstanceOf(type(Outcome.Done.class))
                    .satisfies(done -> assertThat(done.left()).containsExactly("node n2: lost, and not proven clean"));
            pool.create(ClusterSpec.of("demo", 2));
            assertThat(pool.client()
                            .cluster(new ClusterName("demo"))
                            .orElseThrow()
                            .vpc()
                            .vni()
                            .value())
                    .isEqualTo(71);
            pool.startAgent("n2");
            await().atMost(TestPool.LONG).until(() -> pool.bare("n2"));
            await().atMost(TestPool.LONG).until(() -> pool.count(NodeState.FREE) == 1);
        }
    }

    @Test
    void anAgentThatIsBackSoonFinishesItsPart() throws Exception {
        Timing patient = new Timing(Duration.ofSeconds(30), TestPool.LONG, TestPool.LONG, TestPool.LONG);
        for (int dieAt = 1; dieAt <= 6; dieAt++) {
            int dying = dieAt;
            try (TestPool pool = new TestPool(directory.resolve("die-at-" + dieAt), patient)) {
                pool.start(1);
                AtomicInteger steps = new AtomicInteger();
                pool.startAgent(
                        "n2",
                        machine -> new DyingMachine(machine, () -> steps.incrementAndGet() == dying, pool, "n2"),
                        tree -> tree);
                pool.awaitFree(2);
                Thread back = Thread.ofVirtual().start(() -> {
                    await().atMost(TestPool.LONG).until(() -> steps.get() >= dying);
                    await().atMost(TestPool.LONG).until(() -> pool.isGone("n2"));
                    try {
                        pool.startAgent("n2");
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });

                Outcome outcome = pool.create(ClusterSpec.of("demo", 2));

                back.join();
                assertThat(outcome).as("killed at step %d", dieAt).isInstanceOf(Outcome.Done.class);
                assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);
                assertThat(pool.bare("n2")).isTrue();
            }
        }
    }

    @Test
    void networksGoOnlyAfterTheJobsHaveEnded() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            AtomicInteger asked = new AtomicInteger();
            pool.onLeave(cluster -> {
                if (asked.incrementAndGet() == 1) {
                    throw new LeaveHook.CannotLeave("job 7 of cluster " + cluster + " does not end");
                }
            });
            pool.start(1);
            pool.create(ClusterSpec.of("demo", 1));

            assertThat(pool.delete("demo")).isInstanceOf(Outcome.Done.class);

            assertThat(asked).hasValueGreaterThanOrEqualTo(2);
            assertThat(pool.bare("n1")).isTrue();
        }
    }

    @Test
    void aMemberThatIsLostDegradesTheClusterUntilItIsBack() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 2));

            pool.killAgent("n1");
            await().atMost(TestPool.LONG).until(() -> phase(pool) == ClusterPhase.DEGRADED);
            assertThat(pool.bare("n1")).isFalse();
            pool.startAgent("n1");

            await().atMost(TestPool.LONG).until(() -> phase(pool) == ClusterPhase.READY);
        }
    }

    private static ClusterPhase phase(TestPool pool) throws Exception {
        return pool.client().cluster(new ClusterName("demo")).orElseThrow().phase();
    }
}
