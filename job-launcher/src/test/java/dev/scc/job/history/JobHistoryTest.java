package dev.scc.job.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobHistoryTest {
    private static final NodeName N1 = new NodeName("n1");

    @TempDir
    private Path directory = Path.of("/");

    private Instant now = Instant.parse("2026-05-04T12:00:00Z");

    private JobHistory open(HistoryLimits limits) {
        return JobHistory.open(directory.resolve("jobs"), limits, () -> now);
    }

    private JobRecord pending(String id) {
        return JobRecord.pending(
                new JobId(id), new ClusterName("demo"), "user:ada", N1, JobSpec.of(List.of("app")), now);
    }

    private static JobEvent.Output output(int rank, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JobEvent.Output(N1, Optional.of(rank), false, Bytes.of(bytes));
    }

    private static List<String> texts(OutputLog log) throws Exception {
        List<String> texts = new ArrayList<>();
        try (OutputLog.Reader reader = log.read(false)) {
            for (Optional<JobEvent.Output> next = reader.next(false); next.isPresent(); next = reader.next(false)) {
                texts.add(new String(next.get().bytes().toArray(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private void over(JobHistory history, JobRecord job) throws Exception {
        history.begin(job);
        history.save(job.moved(new JobState.Refused("no room", 1), now));
    }

    @Test
    void whatAJobWroteIsReadAgainByTheNextKeeper() throws Exception {
        JobHistory history = open(HistoryLimits.usual());
        OutputLog log = history.begin(pending("demo-1"));
        log.append(output(3, "one\0\n"));
        log.append(new JobEvent.Output(N1, Optional.empty(), true, Bytes.of(new byte[] {-1, 0})));
        history.save(pending("demo-1").moved(new JobState.Refused("no room", 1), now));

        JobHistory next = open(HistoryLimits.usual());

        assertThat(next.all()).isEqualTo(history.all()).hasSize(1);
        try (OutputLog.Reader reader =
                next.output(new JobId("demo-1")).orElseThrow().read(false)) {
            assertThat(reader.next(true)).contains(output(3, "one\0\n"));
            assertThat(reader.next(true))
                    .contains(new JobEvent.Output(N1, Optional.empty(), true, Bytes.of(new byte[] {-1, 0})));
            assertThat(reader.next(true)).isEmpty();
        }
    }

    @Test
    void aJobThatOutlivedNobodyIsLostAndSaysWhy() throws Exception {
        open(HistoryLimits.usual()).begin(pending("demo-1"));

        JobRecord job = open(HistoryLimits.usual()).all().getFirst();

        assertThat(job.state()).isInstanceOf(JobState.Lost.class);
        assertThat(job.cause().orElseThrow()).contains("the keeper of jobs on node n1 ended before the job");
        assertThat(job.exitCode()).contains(4);
    }

    @Test
    void whoFollowsWaitsForTheEnd() throws Exception {
        JobHistory history = open(HistoryLimits.usual());
        OutputLog log = history.begin(pending("demo-1"));
        CompletableFuture<Optional<JobEvent.Output>> last = new CompletableFuture<>();
        OutputLog.Reader reader = log.read(true);
        Thread.ofVirtual().start(() -> {
            try {
                reader.next(true);
                last.complete(reader.next(true));
            } catch (Exception e) {
                last.completeExceptionally(e);
            }
        });

        log.append(output(0, "one"));
        history.save(pending("demo-1").moved(new JobState.Refused("no room", 1), now));

        assertThat(last.get(10, TimeUnit.SECONDS)).isEmpty();
        reader.close();
    }

    @Test
    void onlyTheLatestOutputIsKeptAndAReaderKnowsWhatItMissed() throws Exception {
        JobHistory history = open(new HistoryLimits(10, 4_000, Duration.ofDays(1), 400));
        OutputLog log = history.begin(pending("demo-1"));
        OutputLog.Reader early = log.read(false);
        for (int i = 0; i < 100; i++) {
            log.append(output(0, "line " + i + "\n"));
        }

        assertThat(log.kept()).isBetween(200L, 400L);
        assertThat(texts(log)).last().isEqualTo("line 99\n");
        assertThat(texts(log)).hasSizeLessThan(25);
        early.next(false);
        assertThat(early.skipped()).isPositive();
        early.close();
    }

    @Test
    void jobsBeyondTheNumberOrTheAgeAreForgottenTheOldestFirst() throws Exception {
        JobHistory history = open(new HistoryLimits(2, 4_000, Duration.ofDays(1), 400));
        for (int i = 1; i <= 4; i++) {
            over(history, pending("demo-" + i));
            now = now.plusSeconds(60);
        }
        assertThat(history.all()).extracting(job -> job.job().value()).containsExactly("demo-4", "demo-3");
        try (var kept = Files.list(directory.resolve("jobs"))) {
            assertThat(kept).hasSize(2);
        }

        now = now.plus(Duration.ofDays(2));
        assertThat(open(new HistoryLimits(2, 4_000, Duration.ofDays(1), 400)).all())
                .isEmpty();
    }

    @Test
    void runningJobsAreNotForgottenWhenTheNodeLeaves() throws Exception {
        JobHistory history = open(HistoryLimits.usual());
        over(history, pending("demo-1"));
        history.begin(pending("demo-2"));

        history.clear();

        assertThat(history.all()).extracting(job -> job.job().value()).containsExactly("demo-2");
    }

    /** Class of hole: a file that a power cut has left half written. */
    @Test
    void whatCannotBeReadIsRemovedAndHidesNothingElse() throws Exception {
        JobHistory history = open(HistoryLimits.usual());
        over(history, pending("demo-1"));
        Files.createDirectories(directory.resolve("jobs/demo-2"));
        Files.writeString(directory.resolve("jobs/demo-2/job.json"), "{\"job\"");

        assertThat(open(HistoryLimits.usual()).all()).hasSize(1);
        assertThat(directory.resolve("jobs/demo-2")).doesNotExist();
    }
}
