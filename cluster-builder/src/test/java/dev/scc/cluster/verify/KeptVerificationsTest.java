package dev.scc.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptVerificationsTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Pair PAIR = new Pair(new NodeName("n1"), new NodeName("n2"));

    @TempDir
    Path directory;

    @Test
    void theFirstThatPassesIsTheBaselineUntilAnotherIsMadeIt() {
        KeptVerifications kept = new KeptVerifications(directory);

        kept.keep(one(1, false), false);
        assertThat(kept.baseline(DEMO)).isEmpty();
        kept.keep(one(2, true), false);
        kept.keep(one(3, true), false);
        assertThat(kept.baseline(DEMO)).contains(one(2, true));
        kept.keep(one(4, false), true);

        assertThat(kept.baseline(DEMO)).contains(one(4, false));
        assertThat(kept.latest(DEMO)).contains(one(4, false));
    }

    @Test
    void outlivesTheProcess() {
        new KeptVerifications(directory).keep(one(2, true), false);

        assertThat(new KeptVerifications(directory).latest(DEMO)).contains(one(2, true));
    }

    @Test
    void onlyClustersThatThereAreIsAnythingKeptOf() throws IOException {
        KeptVerifications kept = new KeptVerifications(directory);
        kept.keep(one(2, true), false);

        kept.retain(List.of(DEMO));
        assertThat(kept.latest(DEMO)).isPresent();
        kept.retain(List.of(new ClusterName("other")));

        assertThat(kept.latest(DEMO)).isEmpty();
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFileThatIsDamagedIsNone() throws IOException {
        KeptVerifications kept = new KeptVerifications(directory);
        kept.keep(one(2, true), false);
        Files.writeString(directory.resolve("demo.latest.json"), "{");

        assertThat(kept.latest(DEMO)).isEmpty();
    }

    private static KeptVerification one(long at, boolean passed) {
        ProbeResult result = passed
                ? ProbeResult.passed(PAIR, new ProbeOutcome.Passed(2.5, 4, 100, 90, 300))
                : ProbeResult.failed(PAIR, "cable");
        return new KeptVerification(
                DEMO,
                1,
                at,
                Pattern.FULL,
                List.of(result),
                Thresholds.SOFTWARE,
                12,
                Optional.empty(),
                Optional.empty());
    }
}
