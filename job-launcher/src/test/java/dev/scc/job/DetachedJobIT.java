package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.client.JobClient;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that somebody else than their client looks up, follows and ends. */
@Timeout(240)
class DetachedJobIT {
    /** Certificates do not count here. */
    private static final Optional<String> NONE = Optional.empty();

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final JobClient client = new JobClient(Connections.plain());
    private TestCluster cluster;

    @TempDir(factory = OpenToAll.class)
    private Path directory = Path.of("/");

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(2);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(cluster.leftovers()).isEmpty());
        } finally {
            cluster.stop();
        }
    }

    private Member lead() {
        return cluster.roster().members().getFirst();
    }

    private JobSpec waiting() {
        return TestCluster.spec(
                2,
                MpiChoice.NONE,
                "sh",
                "-c",
                "echo before; while [ ! -e " + directory + "/go-on ]; do sleep 0.1; done; echo after; exit 3");
    }

    private JobId detached(JobSpec spec) throws Exception {
        return client.start(cluster.roster(), spec, NONE) instanceof JobClient.Start.Running running
                ? running.started().job()
                : new JobId("none");
    }

    private JobRecord toTheEnd(JobId job, KeeperRpc.Which output, TestCluster.Recorder recorder) throws Exception {
        return client.follow(lead(), NONE, new KeeperRpc.Follow(job, output, true), false, recorder)
                .record();
    }

    @Test
    void aDetachedJobGoesOnAndIsWaitedForByWhoeverKnowsItsId() throws Exception {
        JobId job = detached(waiting());

        assertThat(client.job(lead(), NONE, job).state()).isInstanceOf(JobState.Running.class);
        assertThat(client.jobs(lead(), NONE)).extracting(JobRecord::job).containsExactly(job);
        Files.createFile(directory.resolve("go-on"));
        TestCluster.Recorder all = new TestCluster.Recorder();
        JobRecord over = toTheEnd(job, KeeperRpc.Which.ALL, all);

        assertThat(over.exitCode()).contains(3);
        assertThat(over.ranks()).isEqualTo(2);
        assertThat(over.receipt().orElseThrow().job()).isEqualTo(job);
        assertThat(all.text(false).lines()).contains("before", "after");
    }

    @Test
    void aJobIsCancelledFromElsewhereAndSaysByWhom() throws Exception {
        JobId job = detached(waiting());

        client.cancel(lead(), NONE, job);
        JobRecord over = toTheEnd(job, KeeperRpc.Which.NONE, new TestCluster.Recorder());

        assertThat(over.exitCode()).contains(130);
        assertThat(over.cause().orElseThrow()).startsWith("cancelled by ");
        assertThat(cluster.leftovers()).isEmpty();
    }

    @Test
    void withoutItsClientAJobEndsUnlessItWasToGoOn() throws Exception {
        JobId bound = abandoned(Attachment.BOUND);
        await().atMost(LONGEST)
                .until(() -> client.job(lead(), NONE, bound).state().over());
        assertThat(client.job(lead(), NONE, bound).cause()).contains("its client is gone");

        JobId loose = abandoned(Attachment.LOOSE);
        assertThat(client.job(lead(), NONE, loose).state()).isInstanceOf(JobState.Running.class);
        Files.createFile(directory.resolve("go-on"));
        assertThat(toTheEnd(loose, KeeperRpc.Which.NONE, new TestCluster.Recorder())
                        .exitCode())
                .contains(3);
    }

    /** Of a client that went as soon as its job ran. */
    private JobId abandoned(Attachment attachment) throws Exception {
        TestCluster.Recorder recorder = new TestCluster.Recorder();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                client.run(cluster.roster(), waiting(), NONE, attachment, InputStream.nullInputStream(), recorder);
            } catch (RpcFailed | InterruptedException e) {
                Thread.currentThread().interrupt(); // As it was to be.
            }
        });
        await().atMost(LONGEST)
                .until(() ->
                        recorder.started().size() == 1 && !recorder.text(false).isEmpty());
        thread.interrupt();
        thread.join();
        return recorder.started().getFirst().job();
    }

    @Test
    void aRefusedJobIsRememberedWithItsReason() throws Exception {
        JobOutcome refused = client.start(
                                cluster.roster(),
                                new JobSpec(
                                        waiting().argv(),
                                        waiting().ranks(),
                                        waiting().perNode(),
                                        MpiChoice.NONE,
                                        true,
                                        waiting().environment(),
                                        "/nowhere",
                                        false),
                                NONE)
                        instanceof JobClient.Start.Over over
                ? over.outcome()
                : new JobOutcome.Refused(new Refusal.TooMuch("it was started"), List.of());

        JobRecord job = client.jobs(lead(), NONE).getFirst();
        assertThat(ExitCodes.of(refused)).isEqualTo(6);
        assertThat(job.state()).isInstanceOf(JobState.Refused.class);
        assertThat(job.cause().orElseThrow()).contains("/nowhere");
        assertThat(job.exitCode()).contains(6);
    }

    @Test
    void whoAsksAgainGetsTheSameJobWhileItRunsAndWhenItIsOver() throws Exception {
        JobSpec spec = waiting().under("night-7");
        JobId job = detached(spec);

        assertThat(detached(spec)).isEqualTo(job);
        Files.createFile(directory.resolve("go-on"));
        assertThat(toTheEnd(job, KeeperRpc.Which.NONE, new TestCluster.Recorder())
                        .exitCode())
                .contains(3);
        assertThat(detached(spec)).isEqualTo(job);
        assertThat(client.jobs(lead(), NONE)).extracting(JobRecord::job).containsExactly(job);

        assertThatThrownBy(() -> client.start(
                        cluster.roster(),
                        TestCluster.spec(1, MpiChoice.NONE, "true").under("night-7"),
                        NONE))
                .hasMessageContaining(job + " has been started under request id night-7 with another command");
    }

    @Test
    void aRestartThatWasRefusedIsTriedAnewUnderItsRequestAndAFirstAttemptIsNot() throws Exception {
        Path later = directory.resolve("later");
        JobSpec first = TestCluster.spec(1, MpiChoice.NONE, "true");
        JobSpec there = new JobSpec(
                        first.argv(),
                        first.ranks(),
                        first.perNode(),
                        MpiChoice.NONE,
                        true,
                        first.environment(),
                        later.toString(),
                        false)
                .under("tried");
        JobSpec restart = there.again(2, List.of());
        assertThat(run(there)).isInstanceOf(JobOutcome.Refused.class);
        assertThat(run(restart)).isInstanceOf(JobOutcome.Refused.class);

        Files.createDirectory(later);

        assertThat(ExitCodes.of(run(restart))).isZero();
        assertThat(ExitCodes.of(run(restart))).isZero();
        assertThat(run(there)).isInstanceOf(JobOutcome.Refused.class);
        assertThat(client.jobs(lead(), NONE)).hasSize(3);
    }

    private JobOutcome run(JobSpec spec) throws Exception {
        return client.run(
                cluster.roster(),
                spec,
                NONE,
                Attachment.BOUND,
                InputStream.nullInputStream(),
                new TestCluster.Recorder());
    }

    @Test
    void ofTwoWhoAttendToAJobOneMayGoAndTheOtherHearsAllOfIt() throws Exception {
        JobSpec spec = waiting().under("both");
        TestCluster.Recorder first = new TestCluster.Recorder();
        TestCluster.Recorder second = new TestCluster.Recorder();
        Thread leaves = attend(spec, first, new CompletableFuture<>());
        await().atMost(LONGEST).until(() -> !first.text(false).isEmpty());
        CompletableFuture<JobOutcome> outcome = new CompletableFuture<>();
        Thread stays = attend(spec, second, outcome);
        await().atMost(LONGEST).until(() -> second.text(false).contains("before"));
        leaves.interrupt();
        leaves.join();
        Files.createFile(directory.resolve("go-on"));
        stays.join();

        assertThat(second.started().getFirst().job())
                .isEqualTo(first.started().getFirst().job());
        assertThat(ExitCodes.of(outcome.getNow(new JobOutcome.Refused(new Refusal.TooMuch("none"), List.of()))))
                .isEqualTo(3);
        assertThat(second.text(false).lines()).contains("before", "after");
    }

    private Thread attend(JobSpec spec, TestCluster.Recorder recorder, CompletableFuture<JobOutcome> outcome) {
        return Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(client.run(
                        cluster.roster(), spec, NONE, Attachment.BOUND, InputStream.nullInputStream(), recorder));
            } catch (RpcFailed | InterruptedException e) {
                outcome.completeExceptionally(e);
            }
        });
    }

    @Test
    void nobodyKnowsAJobThatNeverWas() {
        assertThatThrownBy(() -> client.job(lead(), NONE, new JobId("demo-nothing")))
                .hasMessageContaining("knows of no job demo-nothing");
    }
}
