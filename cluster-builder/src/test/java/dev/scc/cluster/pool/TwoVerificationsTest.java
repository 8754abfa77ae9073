package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node takes part in one verification at a time. That it does so already is no sign of a broken fabric. */
@Timeout(240)
class TwoVerificationsTest {
    private static final ClusterName DEMO = new ClusterName("demo");

    @TempDir
    Path directory;

    private static <T> CompletableFuture<T> beside(Callable<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private static VerifySaid.End verify(TestPool pool) throws Exception {
        return pool.client().verify(DEMO, Pattern.FULL, Load.NONE, Optional.empty(), _ -> {}, _ -> {});
    }

    @Test
    void whatACreateHasMeasuredIsWhatLaterOnesAreComparedWithUntilTheClusterHasGone() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 2));
            VerifyView created = pool.client().verified(DEMO).orElseThrow();

            VerifySaid.End again = verify(pool);

            assertThat(created.pairs()).hasSize(1);
            assertThat(again)
                    .asInstanceOf(type(VerifySaid.Judged.class))
                    .satisfies(judged -> assertThat(judged.view().comparison())
                            .contains(new VerifyView.Comparison(created.at(), true, List.of())));
            pool.client().delete(DEMO, ClusterClient.newRequestId(), TestPool.LONG, _ -> {});
            assertThat(pool.client().verified(DEMO)).isEmpty();
            await().atMost(TestPool.LONG)
                    .until(() -> new KeptVerifications(directory.resolve("verifications"))
                            .baseline(DEMO)
                            .isEmpty());
        }
    }

    @Test
    void controllerWaitsForTheEndOfAClientsAndTheClientIsToldThatANodeIsBusy() throws Exception {
        try (TestPool pool = new TestPool(directory);
                ClusterClient scaling = pool.openClient()) {
            pool.start(3);
            pool.create(ClusterSpec.of("demo", 2));
            pool.fabric().hold();
            AtomicInteger probing = pool.fabric().probing();
            CompletableFuture<VerifySaid.End> first = beside(() -> verify(pool));
            await().atMost(TestPool.LONG).until(() -> probing.get() == 2);

            CompletableFuture<Outcome> scaled =
                    beside(() -> scaling.scale(DEMO, 3, ClusterClient.newRequestId(), TestPool.LONG, _ -> {}));
            await().atMost(TestPool.LONG)
                    .until(() -> pool.client().cluster(DEMO).orElseThrow().phase() == ClusterPhase.VERIFYING);
            VerifySaid.End second = verify(pool);
            pool.fabric().goOn();

            assertThat(second)
                    .asInstanceOf(type(VerifySaid.CannotVerify.class))
                    .satisfies(cannot -> assertThat(cannot.why()).contains("takes part in another verification"));
            assertThat(first.get())
                    .asInstanceOf(type(VerifySaid.Judged.class))
                    .satisfies(judged -> assertThat(judged.view().pairs()).allMatch(VerifyView.Pair::ok));
            assertThat(scaled.get()).isInstanceOf(Outcome.Done.class);
            for (String node : new String[] {"n1", "n2", "n3"}) {
                assertThat(pool.client().node(new NodeName(node)).orElseThrow().health())
                        .isEmpty();
            }
        }
    }
}
