package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class TorchJobIT {
    private static final String PROGRAM =
            Path.of("src/test/python/rendezvous.py").toAbsolutePath().toString();
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start(2);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
    }

    private static TestCluster.Run run(int ranks) throws Exception {
        return cluster.run(TestCluster.spec(ranks, MpiChoice.TORCH, "python3", PROGRAM));
    }

    @Test
    void ranksFindEachOtherAsThoseOfTorchrunDo() throws Exception {
        TestCluster.Run run = run(3);

        assertThat(run.cause()).as("%s", run.errors()).isEmpty();
        assertThat(run.output().lines())
                .containsExactlyInAnyOrder(
                        "0 is 0 of 2 on node 0, sum 3", "1 is 1 of 2 on node 0, sum 3", "2 is 0 of 1 on node 1, sum 3");
        assertThat(run.receipt().orElseThrow().mpi()).isEqualTo(MpiFamily.TORCH);
    }

    /** Class of hole: a port that one job holds and another wants. */
    @Test
    void aJobOnOneNodeHasAPortOfItsOwnToo() throws Exception {
        assertThat(run(1).output()).isEqualTo("0 is 0 of 1 on node 0, sum 0\n");
    }
}
