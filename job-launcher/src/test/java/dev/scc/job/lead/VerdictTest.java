package dev.scc.job.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.job.ProcessEnd;
import dev.scc.job.plan.Launch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    private final Verdict ranks = new Verdict("./app", Map.of(1, rank(N1, 0), 2, rank(N2, 1)));
    private final Verdict mpirun =
            new Verdict("./app", Map.of(1, new Launch(N1, Optional.empty(), List.of("/usr/bin/mpirun"), Map.of())));

    private static Launch rank(NodeName node, int rank) {
        return new Launch(node, Optional.of(rank), List.of("./app"), Map.of());
    }

    private static Occurrence.Exited exited(NodeName node, int process, ProcessEnd end) {
        return new Occurrence.Exited(node, process, end);
    }

    @Test
    void jobIsOverWhenAllRanksHaveEndedWell() {
        assertThat(ranks.take(exited(N1, 1, ProcessEnd.exit(0)), false)).isEqualTo(Verdict.Next.GO_ON);
        assertThat(ranks.take(exited(N2, 2, ProcessEnd.exit(0)), false)).isEqualTo(Verdict.Next.STOP);
        assertThat(ranks.cause()).isEmpty();
    }

    @Test
    void firstRankThatFailsIsTheCauseAndLaterOnesAreNot() {
        assertThat(ranks.take(exited(N2, 2, ProcessEnd.signal(11)), false)).isEqualTo(Verdict.Next.STOP);
        ranks.take(exited(N1, 1, ProcessEnd.signal(9)), false);

        assertThat(ranks.cause())
                .contains(new FirstCause(139, "rank 1 on n2 was killed by SIGSEGV (segmentation fault)"));
    }

    @Test
    void rankThatEndsWellWithoutFinalizingFailsTheJob() {
        assertThat(ranks.take(exited(N1, 1, ProcessEnd.exit(0)), true)).isEqualTo(Verdict.Next.STOP);

        assertThat(ranks.cause()).contains(new FirstCause(1, "rank 0 on n1 ended without MPI_Finalize"));
    }

    @Test
    void abortWithCodeZeroIsStillAFailure() {
        ranks.take(new Occurrence.Aborted(1, 0, "why not"), false);

        assertThat(ranks.cause()).contains(new FirstCause(1, "rank 1 aborted the job with code 0: why not"));
    }

    @Test
    void lostNodeEndsTheJob() {
        assertThat(ranks.take(new Occurrence.NodeLost(N2, "no power"), false)).isEqualTo(Verdict.Next.STOP);

        assertThat(ranks.cause()).contains(new FirstCause(4, "node n2 was lost: no power"));
    }

    @Test
    void rankUnderMpirunIsTheCauseAndMpirunMayStillSpeak() {
        assertThat(mpirun.take(new Occurrence.RankFailed(N2, 1, ProcessEnd.exit(3)), false))
                .isEqualTo(Verdict.Next.LINGER);
        assertThat(mpirun.take(exited(N1, 1, ProcessEnd.exit(1)), false)).isEqualTo(Verdict.Next.STOP);

        assertThat(mpirun.cause()).contains(new FirstCause(3, "rank 1 on n2 ended with exit status 3"));
    }

    @Test
    void daemonThatDidNotStartExplainsWhyMpirunFailed() {
        assertThat(mpirun.take(exited(N2, 7, ProcessEnd.exit(127)), false)).isEqualTo(Verdict.Next.GO_ON);
        assertThat(mpirun.cause()).isEmpty();
        mpirun.take(exited(N1, 1, ProcessEnd.exit(1)), false);

        assertThat(mpirun.cause()).contains(new FirstCause(1, "Open MPI's daemon on n2 ended with exit status 127"));
    }

    @Test
    void mpirunThatFailsByItselfIsNamed() {
        mpirun.take(exited(N1, 1, ProcessEnd.exit(213)), false);

        assertThat(mpirun.cause()).contains(new FirstCause(213, "mpirun on n1 ended with exit status 213"));
    }
}
