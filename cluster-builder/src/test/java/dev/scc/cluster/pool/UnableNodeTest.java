package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.world.NodeState;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent that cannot write its disk says so, and not only to its own log. */
@Timeout(240)
class UnableNodeTest {
    @TempDir
    Path directory;

    /** Nothing can be written there any more, whoever tries. */
    private static void breakDisk(Path data) throws Exception {
        Files.createDirectories(data.resolve(".ledger.json.next").resolve("full"));
    }

    private static void mendDisk(Path data) throws Exception {
        Files.delete(data.resolve(".ledger.json.next").resolve("full"));
        Files.delete(data.resolve(".ledger.json.next"));
    }

    @Test
    void createFailsWithTheReasonWhyTheLedgerCannotBeWritten() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            breakDisk(directory.resolve("agent-n2"));

            Outcome outcome = pool.create(ClusterSpec.of("demo", 2));

            assertThat(outcome).asInstanceOf(type(Outcome.Failed.class)).satisfies(failed -> {
                assertThat(failed.failure().node()).hasToString("Optional[n2]");
                assertThat(failed.failure().step()).contains(new Failure.OfNode("keep the ledger"));
                assertThat(failed.failure().why()).contains(".ledger.json.next");
            });
            // There was nothing to take back, and nothing to write down.
            pool.awaitFree(2);
            mendDisk(directory.resolve("agent-n2"));
            assertThat(pool.create(ClusterSpec.of("demo", 2))).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void nodeThatCannotLeaveIsDirtyAndTheReasonIsShownUntilItCan() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(1);
            pool.create(ClusterSpec.of("demo", 1));
            breakDisk(directory.resolve("agent-n1"));

            assertThat(pool.delete("demo"))
                    .asInstanceOf(type(Outcome.Done.class))
                    .satisfies(done -> assertThat(done.left()).hasSize(1));

            assertThat(pool.count(NodeState.DIRTY)).isEqualTo(1);
            await().atMost(TestPool.LONG)
                    .untilAsserted(() -> assertThat(
                                    pool.client().nodes().nodes().getFirst().outOfService())
                            .contains("cannot keep the ledger"));
            mendDisk(directory.resolve("agent-n1"));
            pool.awaitFree(1);
            assertThat(pool.bare("n1")).isTrue();
        }
    }
}
