package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.job.node.NodeOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSpecTest {
    private static JobSpec spec(String word, Map<String, String> environment, String directory) {
        return new JobSpec(
                List.of("app", word),
                Optional.empty(),
                Optional.empty(),
                MpiChoice.AUTO,
                false,
                environment,
                directory,
                false);
    }

    /** Class of hole: a separator inside of what it separates: one word becomes two, one variable another. */
    @Test
    void nothingOfAJobHasAZeroByte() {
        assertThatThrownBy(() -> spec("a\0b", Map.of(), "/")).hasMessageContaining("zero byte");
        assertThatThrownBy(() -> spec("a", Map.of("A", "1\0LD_PRELOAD=x"), "/")).hasMessageContaining("zero byte");
        assertThatThrownBy(() -> spec("a", Map.of("A\0B", "1"), "/")).hasMessageContaining("environment variable");
        assertThatThrownBy(() -> spec("a", Map.of(), "/x\0y")).hasMessageContaining("zero byte");
    }

    /** The same on a node, which does not take the lead's word for it. */
    @Test
    void nothingOfAProcessHasAZeroByte() {
        assertThatThrownBy(() -> new NodeOrder.Start(1, Optional.empty(), List.of("a\0b"), Map.of(), "/", false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new NodeOrder.Start(1, Optional.empty(), List.of("a"), Map.of("A", "b\0c"), "/", false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Class of hole: an oversized field that is copied for each rank. */
    @Test
    void wordsAndVariablesTogetherHaveALimit() {
        String half = "x".repeat(JobLimits.TEXT / 2 - 10);

        assertThat(spec(half, Map.of("A", half), "/").argv()).hasSize(2);
        assertThatThrownBy(() -> spec(half, Map.of("A", half + "y".repeat(20)), "/"))
                .hasMessageContaining("longer than " + JobLimits.TEXT);
    }

    /** Class of hole: times that cannot be kept. */
    @Test
    void timesThatDoNotFitTogetherAreRefused() {
        Optional<JobTimes.Early> minute = Optional.of(new JobTimes.Early(RankSignal.parse("sigusr2"), 60_000));

        assertThatThrownBy(() -> new JobTimes(Optional.empty(), minute, 0)).hasMessageContaining("needs a time limit");
        assertThatThrownBy(() -> new JobTimes(Optional.of(60_000L), minute, 0))
                .hasMessageContaining("SIGUSR2 60000 ms before a time limit of 60000 ms");
        assertThatThrownBy(() -> new JobTimes(Optional.of(0L), Optional.empty(), 0))
                .hasMessageContaining("time limit of 0");
        assertThatThrownBy(() -> new JobTimes(Optional.empty(), Optional.empty(), -1))
                .hasMessageContaining("grace of -1");
        assertThatThrownBy(() -> RankSignal.parse("SEGV")).hasMessageContaining("\"SEGV\" is none of HUP, INT");
    }

    /** Class of hole: a negative count that gives back what nobody has taken. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, -1_000_000})
    void aPartOfAJobHasAtLeastOneRank(int ranks) {
        assertThatThrownBy(() -> new NodeOrder.Open(
                        new JobId("demo-1"),
                        new ClusterName("demo"),
                        new NodeName("n1"),
                        new NodeName("n1"),
                        "",
                        Ipv4.parse("10.70.0.1"),
                        "eth1.70",
                        "/",
                        ranks,
                        new RunAs.Unmapped(),
                        Optional.empty(),
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Room(1).take(Math.min(ranks, -1))).isFalse();
    }

    /** Class of hole: path traversal by the name of a job, which names directories that root makes and removes. */
    @ParameterizedTest
    @ValueSource(strings = {"..", "../etc", "a/b", ".hidden", "a.orders", "", "-rf", "a b", "a\n"})
    void theNameOfAJobIsNoPath(String name) {
        assertThatThrownBy(() -> new JobId(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
