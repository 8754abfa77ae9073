package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Rotation;
import dev.scc.host.Json;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class RotationWatchTest {
    /** Less than the time after which it looks in any case. */
    private static final long SOON = 10;

    private static final Fingerprint OLD = Fingerprint.of(new byte[] {1});
    private static final Fingerprint NEW = Fingerprint.of(new byte[] {2});

    private final MemoryTree tree = new MemoryTree();
    private final BlockingQueue<Rotation> asked = new LinkedBlockingQueue<>();

    private static Rotation rotation(int step) {
        return new Rotation(Root.MEMBERS, Rotation.Phase.SPREADING, step, "10.99.0.1:7070", OLD, NEW);
    }

    private void write(int step) {
        tree.put(TreeEntry.ROTATION.path(), Json.write(rotation(step)));
    }

    private @Nullable Rotation next() throws InterruptedException {
        return asked.poll(SOON, TimeUnit.SECONDS);
    }

    private void awaitLook() {
        while (tree.taken().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatBeginsWhileItWatchesIsDoneAtOnceAndWhatNobodyUnderstandsIsPassedOver() throws Exception {
        try (RotationWatch _ = RotationWatch.start(tree, asked::add)) {
            awaitLook();
            assertThat(asked).isEmpty();

            write(1);
            assertThat(next()).isEqualTo(rotation(1));
            tree.put(TreeEntry.ROTATION.path(), "nonsense");
            awaitLook();
            write(2);
            assertThat(next()).isEqualTo(rotation(2));
        }
    }

    @Test
    void whatIsUnderWayIsDoneAtTheStartAndAskedAgainUntilItIs() throws Exception {
        write(1);
        AtomicInteger times = new AtomicInteger();
        try (RotationWatch _ =
                RotationWatch.start(tree, rotation -> asked.add(rotation) && times.incrementAndGet() == 3)) {
            // The second time for what may have changed while the watch was set.
            for (int time = 1; time <= 3; time++) {
                assertThat(next()).isEqualTo(rotation(1));
            }
        }
    }
}
