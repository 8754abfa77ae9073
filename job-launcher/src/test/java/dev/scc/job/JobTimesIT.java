package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.client.JobClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ranks hear before they are killed, and when. */
@Timeout(240)
class JobTimesIT {
    private static final String UNTIL_TERM =
            "trap 'echo early' USR1; trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    private static TestCluster cluster;

    private final JobClient client = new JobClient(Connections.plain());

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start(2);
    }

    @AfterEach
    void nothingIsLeft() {
        await().until(() -> cluster.leftovers().isEmpty());
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
    }

    private static JobSpec spec(MpiChoice mpi, String script, JobTimes times) {
        return TestCluster.spec(2, mpi, "sh", "-c", script).within(times);
    }

    private static JobTimes times(long limit, Optional<JobTimes.Early> early, long grace) {
        return new JobTimes(Optional.of(limit), early, grace);
    }

    private static Member lead() {
        return cluster.roster().members().getFirst();
    }

    @Test
    void aJobEndsWhenItsTimeIsOver() throws Exception {
        TestCluster.Run run = cluster.run(spec(MpiChoice.NONE, "sleep 60", times(300, Optional.empty(), 0)));

        assertThat(run.exitCode()).isEqualTo(124);
        assertThat(run.cause()).contains("its time limit of 0.3s was over");
        assertThat(run.left()).isEmpty();
        JobRecord kept = client.jobs(lead(), Optional.empty()).getFirst();
        assertThat(kept.exitCode()).contains(124);
        assertThat(kept.cause()).contains("its time limit of 0.3s was over");
    }

    @Test
    void ranksHearOfTheEndBeforeAndHaveTimeForIt() throws Exception {
        JobTimes.Early early = new JobTimes.Early(RankSignal.USR1, 600);
        for (MpiChoice mpi : new MpiChoice[] {MpiChoice.NONE, MpiChoice.OPENMPI_PMIX, MpiChoice.OPENMPI_MPIRUN}) {
            long begin = System.nanoTime();

            TestCluster.Run run = cluster.run(spec(
                    mpi,
                    UNTIL_TERM,
                    times(1_500, Optional.of(early), Duration.ofMinutes(1).toMillis())));

            assertThat(run.exitCode()).isEqualTo(124);
            assertThat(run.output().lines())
                    .as("%s: %s", mpi, run.errors())
                    .containsExactlyInAnyOrder("ready", "ready", "early", "early", "bye", "bye");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void whoDoesNotEndInHisTimeIsKilled() throws Exception {
        TestCluster.Run run = cluster.run(spec(
                MpiChoice.NONE,
                "trap 'echo no' TERM; while :; do sleep 0.05; done",
                times(300, Optional.empty(), 300)));

        assertThat(run.exitCode()).isEqualTo(124);
        assertThat(run.output().lines()).containsExactly("no", "no");
        assertThat(run.left()).isEmpty();
    }

    @Test
    void aJobThatIsCancelledHasItsGraceAndEndsAtOnceTheSecondTime() throws Exception {
        JobTimes patient = new JobTimes(
                Optional.empty(), Optional.empty(), Duration.ofMinutes(5).toMillis());
        TestCluster.Recorder recorder = new TestCluster.Recorder();
        FutureTask<JobOutcome> run = run(
                spec(MpiChoice.NONE, "trap 'echo soon' TERM; echo ready; while :; do sleep 0.05; done", patient),
                recorder);
        await().until(() -> recorder.text(false).lines().count() == 2);
        JobId job = recorder.started().getFirst().job();

        client.cancel(lead(), Optional.empty(), job);
        await().until(() -> recorder.text(false).lines().filter("soon"::equals).count() == 2);
        assertThat(run.isDone()).isFalse();
        client.cancel(lead(), Optional.empty(), job);

        assertThat(ExitCodes.of(run.get())).isEqualTo(130);
    }

    @Test
    void signalsReachTheProgramAndNotWhatStartsIt() throws Exception {
        for (MpiChoice mpi : new MpiChoice[] {MpiChoice.OPENMPI_MPIRUN, MpiChoice.OPENMPI_PMIX}) {
            TestCluster.Recorder recorder = new TestCluster.Recorder();
            FutureTask<JobOutcome> run = run(spec(mpi, UNTIL_TERM, JobTimes.none()), recorder);
            await().until(() -> recorder.text(false).lines().count() == 2);
            JobId job = recorder.started().getFirst().job();

            client.signal(lead(), Optional.empty(), job, RankSignal.USR1);
            await().until(() -> recorder.text(false).lines().count() == 4);
            client.signal(lead(), Optional.empty(), job, RankSignal.TERM);

            assertThat(ExitCodes.of(run.get())).isZero();
            assertThat(recorder.text(false).lines()).filteredOn("bye"::equals).hasSize(2);
            assertThat(catchThrowable(() -> client.signal(lead(), Optional.empty(), job, RankSignal.USR1)))
                    .isInstanceOf(RpcFailed.class)
                    .hasMessage("job " + job + " is Ended, so that no rank of it gets SIGUSR1");
        }
    }

    private FutureTask<JobOutcome> run(JobSpec spec, TestCluster.Recorder recorder) {
        FutureTask<JobOutcome> run =
                new FutureTask<>(() -> client.run(cluster.roster(), spec, Optional.empty(), recorder));
        Thread.ofVirtual().start(run);
        return run;
    }
}
