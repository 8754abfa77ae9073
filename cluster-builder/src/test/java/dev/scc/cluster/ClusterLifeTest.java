package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterLifeTest {
    private static final Path ARCHITECTURE = Path.of("..", "docs", "architecture.md");

    @Test
    void theDocumentationHasTheTable() throws Exception {
        assertThat(Files.readString(ARCHITECTURE)).contains(ClusterLife.table());
    }

    @Test
    void everyPhaseIsInTheTable() {
        assertThat(ClusterLife.TABLE).extracting(ClusterLife.Row::phase).contains(ClusterPhase.values());
    }

    @Test
    void clusterBeginsAsCreatingAndDoesNotGoBeforeItsMembersHaveLeft() {
        ClusterRecord first = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(), 5, "r1");

        assertThat(ClusterLife.objection(Optional.empty(), Optional.of(first))).isEmpty();
        assertThat(ClusterLife.objection(Optional.of(first), Optional.empty()))
                .contains("cluster demo was Creating and is gone");
    }
}
