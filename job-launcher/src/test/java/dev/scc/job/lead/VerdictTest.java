package dev.scc.job.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.job.JobEnd;
import dev.scc.job.MpiFamily;
import dev.scc.job.ProcessEnd;
import dev.scc.job.plan.Launch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    private static final Map<Integer, Launch> TWO_RANKS = Map.of(1, rank(N1, 0), 2, rank(N2, 1));

    private final Verdict mpich = new Verdict("./app", MpiFamily.MPICH, TWO_RANKS, false);
    private final Verdict ranks = new Verdict("./app", MpiFamily.NONE, TWO_RANKS, false);
    private final Verdict mpirun = new Verdict(
            "./app",
            MpiFamily.OPENMPI,
            Map.of(1, new Launch(N1, Optional.empty(), List.of("/usr/bin/mpirun"), Map.of())),
            false);

    private static Launch rank(NodeName node, int rank) {
        return new Launch(node, Optional.of(rank), List.of("./app"), Map.of());
    }

    private static Occurrence.Exited exited(NodeName node, int process, ProcessEnd end) {
        return new Occurrence.Exited(node, process, end);
    }

    @Test
    void jobIsOverWhenAllRanksHaveEndedWell() {
        assertThat(ranks.take(exited(N1, 1, new ProcessEnd.Exited(0)), false)).isEqualTo(Verdict.Next.GO_ON);
        assertThat(ranks.take(exited(N2, 2, new ProcessEnd.Exited(0)), false)).isEqualTo(Verdict.Next.STOP);
        assertThat(ranks.end()).isEqualTo(new JobEnd.Done());
    }

    /** Class of hole: how a rank ends that was told to is taken for the cause. */
    @Test
    void ranksThatHaveGraceEndInTheirTimeAndTheLimitStaysTheCause() {
        Verdict patient = new Verdict("./app", MpiFamily.NONE, TWO_RANKS, true);

        assertThat(patient.take(new Occurrence.TimeUp("time is over"), false)).isEqualTo(Verdict.Next.GRACE);
        assertThat(patient.take(exited(N1, 1, new ProcessEnd.Killed(15)), false))
                .isEqualTo(Verdict.Next.GO_ON);
        assertThat(patient.take(exited(N2, 2, new ProcessEnd.Exited(3)), false)).isEqualTo(Verdict.Next.STOP);
        assertThat(patient.end()).isEqualTo(new JobEnd.TimedOut("time is over"));
    }

    @Test
    void graceEndsWithItsTimeOrTheSecondCancel() {
        for (Occurrence last : List.of(
                new Occurrence.GraceOver(), new Occurrence.Cancelled("again"), new Occurrence.NodeLost(N2, "no"))) {
            Verdict patient = new Verdict("./app", MpiFamily.NONE, TWO_RANKS, true);

            assertThat(patient.take(new Occurrence.Cancelled("by ada"), false)).isEqualTo(Verdict.Next.GRACE);
            assertThat(patient.take(last, false)).isEqualTo(Verdict.Next.STOP);
            assertThat(patient.end()).isEqualTo(new JobEnd.Cancelled("by ada"));
        }
    }

    @Test
    void withoutGraceALimitEndsTheJobAtOnce() {
        assertThat(ranks.take(new Occurrence.TimeUp("time is over"), false)).isEqualTo(Verdict.Next.STOP);
    }

    @Test
    void firstRankThatFailsIsTheCauseAndLaterOnesAreNot() {
        assertThat(ranks.take(exited(N2, 2, new ProcessEnd.Killed(11)), false)).isEqualTo(Verdict.Next.STOP);
        ranks.take(exited(N1, 1, new ProcessEnd.Killed(9)), false);

        assertThat(ranks.end())
                .isEqualTo(new JobEnd.Failed(139, "rank 1 on n2 was killed by SIGSEGV (segmentation fault)"));
    }

    @Test
    void rankThatEndsWellWithoutFinalizingFailsTheJob() {
        assertThat(ranks.take(exited(N1, 1, new ProcessEnd.Exited(0)), true)).isEqualTo(Verdict.Next.STOP);

        assertThat(ranks.end()).isEqualTo(new JobEnd.Failed(1, "rank 0 on n1 ended without MPI_Finalize"));
    }

    @Test
    void abortWithCodeZeroIsStillAFailure() {
        ranks.take(new Occurrence.Aborted(1, 0, "why not"), false);

        assertThat(ranks.end()).isEqualTo(new JobEnd.Failed(1, "rank 1 aborted the job with code 0: why not"));
    }

    @Test
    void lostNodeEndsTheJob() {
        assertThat(ranks.take(new Occurrence.NodeLost(N2, "no power"), false)).isEqualTo(Verdict.Next.STOP);

        assertThat(ranks.end()).isEqualTo(new JobEnd.NodeLost("node n2 was lost: no power"));
    }

    @Test
    void rankUnderMpirunIsTheCauseAndMpirunMayStillSpeak() {
        assertThat(mpirun.take(new Occurrence.RankFailed(N2, 1, new ProcessEnd.Exited(3)), false))
                .isEqualTo(Verdict.Next.LINGER);
        assertThat(mpirun.take(exited(N1, 1, new ProcessEnd.Exited(1)), false)).isEqualTo(Verdict.Next.STOP);

        assertThat(mpirun.end()).isEqualTo(new JobEnd.Failed(3, "rank 1 on n2 ended with exit status 3"));
    }

    @Test
    void daemonThatDidNotStartExplainsWhyMpirunFailed() {
        assertThat(mpirun.take(exited(N2, 7, new ProcessEnd.Exited(127)), false))
                .isEqualTo(Verdict.Next.GO_ON);
        assertThat(mpirun.end()).isEqualTo(new JobEnd.Done());
        mpirun.take(exited(N1, 1, new ProcessEnd.Exited(1)), false);

        assertThat(mpirun.end()).isEqualTo(new JobEnd.Failed(1, "Open MPI's daemon on n2 ended with exit status 127"));
    }

    @Test
    void mpirunThatFailsByItselfIsNamed() {
        mpirun.take(exited(N1, 1, new ProcessEnd.Exited(213)), false);

        assertThat(mpirun.end()).isEqualTo(new JobEnd.Failed(213, "mpirun on n1 ended with exit status 213"));
    }

    @Test
    void aProgramOfMpichThatTheCommandDoesNotShowIsToldHowToRunIt() {
        assertThat(ranks.take(new Occurrence.Arrived(N2, 1, MpiFamily.MPICH), false))
                .isEqualTo(Verdict.Next.STOP);

        assertThat(why(ranks))
                .startsWith("rank 1 on n2 is a program of MPICH, which ./app does not show")
                .endsWith("say --mpi mpich");
    }

    @Test
    void aProgramOfOpenMpiWithoutItsLauncherIsToldHowToRunIt() {
        assertThat(ranks.take(new Occurrence.OpenMpiAlone(N1, Optional.of(0)), false))
                .isEqualTo(Verdict.Next.LINGER);
        ranks.take(exited(N1, 1, new ProcessEnd.Exited(1)), false);

        assertThat(why(ranks))
                .startsWith("rank 0 on n1 is a program of Open MPI")
                .endsWith("say --mpi openmpi");
    }

    @Test
    void oneFamilyUnderTheLauncherOfTheOtherIsNoJob() {
        mpirun.take(new Occurrence.Arrived(N2, 1, MpiFamily.MPICH), false);
        mpich.take(new Occurrence.OpenMpiAlone(N1, Optional.of(0)), false);

        assertThat(why(mpirun)).contains("not started for (but for openmpi)").endsWith("say --mpi mpich");
        assertThat(why(mpich)).contains("not started for (but for mpich)").endsWith("say --mpi openmpi");
    }

    @Test
    void aRankThatEndsWithoutMpiWhileOthersWaitForItEndsTheJob() {
        assertThat(mpich.take(new Occurrence.Arrived(N1, 0, MpiFamily.MPICH), false))
                .isEqualTo(Verdict.Next.GO_ON);
        assertThat(mpich.take(exited(N2, 2, new ProcessEnd.Exited(0)), false)).isEqualTo(Verdict.Next.STOP);

        assertThat(why(mpich)).startsWith("rank 1 on n2 ended without having come to the PMI server");
    }

    @Test
    void itDoesNotMatterWhetherItEndsBeforeTheOthersHaveCome() {
        assertThat(mpich.take(exited(N2, 2, new ProcessEnd.Exited(0)), false)).isEqualTo(Verdict.Next.GO_ON);
        assertThat(mpich.take(new Occurrence.Arrived(N1, 0, MpiFamily.MPICH), false))
                .isEqualTo(Verdict.Next.STOP);

        assertThat(why(mpich)).startsWith("rank 1 on n2 ended without having come to the PMI server");
    }

    @Test
    void aCommandThatOnlyMightBeMpichMayUseNoMpiAtAll() {
        mpich.take(exited(N2, 2, new ProcessEnd.Exited(0)), false);
        mpich.take(exited(N1, 1, new ProcessEnd.Exited(0)), false);

        assertThat(mpich.end()).isEqualTo(new JobEnd.Done());
        assertThat(mpich.anyArrived()).isFalse();
    }

    private static String why(Verdict verdict) {
        return verdict.end() instanceof JobEnd.Failed failed ? failed.why() : "";
    }
}
