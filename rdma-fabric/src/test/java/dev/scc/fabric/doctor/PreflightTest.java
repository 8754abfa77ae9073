package dev.scc.fabric.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.doctor.Finding.Severity;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    Path directory;

    @Test
    void aHealthyNodeHasNothingAgainstIt() throws Exception {
        NodeFacts facts = new CapturedNode("rxe.tree", directory).facts("n1");

        assertThat(Preflight.examine(facts, "eth1")).isEmpty();
    }

    @Test
    void anErrorComesWithWhatMendsItAndBeforeWarnings() throws Exception {
        NodeFacts facts = new CapturedNode("rxe.tree", directory)
                .set("proc/self/limits", "Max locked memory         65536                65536                bytes")
                .remove("etc/libibverbs.d/rxe.driver")
                .facts("n1");

        assertThat(Preflight.examine(facts, "eth1"))
                .extracting(Finding::rule, Finding::severity, Finding::fix)
                .first()
                .isEqualTo(org.assertj.core.groups.Tuple.tuple(
                        "provider-missing", Severity.ERROR, "apt-get install ibverbs-providers"));
        assertThat(Preflight.examine(facts, "eth1")).extracting(Finding::rule).contains("memlock");
    }

    @Test
    void aDeviceThatClustersDoNotUseThereIsNotSpokenOf() throws Exception {
        NodeFacts facts = new CapturedNode("rxe.tree", directory)
                .set("sys/class/infiniband/rxe0/ports/1/state", "1: DOWN")
                .facts("n1");

        assertThat(Preflight.examine(facts, "eth1")).extracting(Finding::rule).contains("port-down");
        assertThat(Preflight.examine(facts, "eth9")).extracting(Finding::rule).doesNotContain("port-down");
    }

    @Test
    void whatComesAndGoesIsLeftToTheDoctor() throws Exception {
        NodeFacts facts = new CapturedNode("rxe.tree", directory).noted(7).facts("n1");

        assertThat(Doctor.examine(java.util.List.of(facts), java.util.Set.of()))
                .extracting(Finding::rule)
                .contains("gid-renumbered");
        assertThat(Preflight.examine(facts, "eth1")).isEmpty();
    }
}
