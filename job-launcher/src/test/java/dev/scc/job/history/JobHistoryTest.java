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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    void ofAJobWhoseKeeperDiedWhileItWroteAllWholePiecesAreReadAndItsEnd() throws Exception {
        OutputLog log = open(HistoryLimits.usual()).begin(pending("demo-1"));
        log.append(output(0, "one"));
        log.append(output(0, "two"));
        Path file;
        try (Stream<Path> all = Files.list(directory.resolve("jobs/demo-1"))) {
            file = all.filter(each -> each.getFileName().toString().startsWith("output"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] written = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(written, written.length - 1));

        JobHistory next = open(HistoryLimits.usual());

        assertThat(texts(next.output(new JobId("demo-1")).orElseThrow())).containsExactly("one");
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

    /** A disk that is full for a while. */
    private static final class FullDisk implements JobStore {
        private final JobStore disk;
        private boolean full = true;

        FullDisk(JobStore disk) {
            this.disk = disk;
        }

        @Override
        public List<String> places() throws IOException {
            return disk.places();
        }

        @Override
        public byte[] record(String place) throws IOException {
            return disk.record(place);
        }

        @Override
        public void write(String place, byte[] record) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            disk.write(place, record);
        }

        @Override
        public OutputLog begin(String place, long limit) {
            return disk.begin(place, limit);
        }

        @Override
        public OutputLog output(String place) throws IOException {
            return disk.output(place);
        }

        @Override
        public void remove(String place) throws IOException {
            disk.remove(place);
        }
    }

    private FullDisk fullDisk() {
        return new FullDisk(new JobDirectories(directory.resolve("jobs")));
    }

    private JobRecord refused(String id) {
        return pending(id).moved(new JobState.Refused("no room", 1), now);
    }

    @Test
    void whatCannotBeWrittenIsKnownAllTheSameAndWrittenWhenThereIsRoom() {
        FullDisk disk = fullDisk();
        JobHistory history = JobHistory.open(disk, HistoryLimits.usual(), () -> now);
        history.begin(pending("demo-1"));
        history.save(refused("demo-1"));
        assertThat(history.find(new JobId("demo-1"))).contains(refused("demo-1"));
        assertThat(open(HistoryLimits.usual()).all()).isEmpty();

        disk.full = false;
        history.catchUp();

        assertThat(open(HistoryLimits.usual()).all()).containsExactly(refused("demo-1"));
    }

    @Test
    void aKeeperThatBeginsOnAFullDiskForgetsNoJob() throws Exception {
        open(HistoryLimits.usual()).begin(pending("demo-1"));

        JobHistory next = JobHistory.open(fullDisk(), HistoryLimits.usual(), () -> now);

        assertThat(next.all()).hasSize(1);
        assertThat(next.all().getFirst().state()).isInstanceOf(JobState.Lost.class);
        assertThat(open(HistoryLimits.usual()).all()).hasSize(1);
    }

    @Test
    void aKeeperThatBeginsForgetsThoseThatEndedFirstThoughItHasLostSome() throws Exception {
        HistoryLimits two = new HistoryLimits(2, 4_000, Duration.ofDays(1), 400);
        JobHistory history = open(two);
        for (String id : List.of("demo-5", "demo-1")) {
            over(history, pending(id));
            now = now.plusSeconds(60);
        }
        for (String id : List.of("demo-2", "demo-3")) {
            history.begin(pending(id));
        }

        assertThat(open(two).all()).extracting(job -> job.job().value()).containsExactlyInAnyOrder("demo-2", "demo-3");
    }

    @Test
    void aJobThatEndsAfterItsNodeHasLeftIsForgotten() {
        JobHistory history = open(HistoryLimits.usual());
        history.begin(pending("demo-1"));
        history.clear();
        assertThat(history.all()).hasSize(1);

        history.save(refused("demo-1"));

        assertThat(history.all()).isEmpty();
        assertThat(directory.resolve("jobs/demo-1")).doesNotExist();
    }

    /** Class of hole: a keeper that dies after its node has left the cluster. */
    @Test
    void aKeeperThatDiesAfterItsNodeHasLeftLeavesNoJobBehind() throws Exception {
        JobHistory history = open(HistoryLimits.usual());
        OutputLog log = history.begin(pending("demo-1"));
        log.append(output(0, "secret"));
        history.clear();

        history.save(pending("demo-1").moved(new JobState.Starting(), now));
        log.append(output(0, "another"));

        assertThat(history.all()).hasSize(1);
        assertThat(directory.resolve("jobs/demo-1")).doesNotExist();
        assertThat(open(HistoryLimits.usual()).all()).isEmpty();
    }

    /** Class of hole: a reader that looks for ever for a file that was removed. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoReadsTheOutputOfAJobThatIsForgottenComesToItsEnd() throws Exception {
        JobHistory history = open(HistoryLimits.usual());
        OutputLog log = history.begin(pending("demo-1"));
        log.append(output(0, "one"));
        history.save(refused("demo-1"));
        OutputLog.Reader reader = log.read(false);

        history.clear();

        assertThat(reader.next(true)).isEmpty();
        assertThat(reader.skipped()).isPositive();
        reader.close();
    }

    @Test
    void whatIsNotWrittenYetIsKnown() {
        FullDisk disk = fullDisk();
        JobHistory history = JobHistory.open(disk, HistoryLimits.usual(), () -> now);
        assertThat(history.isWritten()).isTrue();
        history.begin(pending("demo-1"));
        history.save(refused("demo-1"));
        assertThat(history.isWritten()).isFalse();

        disk.full = false;
        history.catchUp();

        assertThat(history.isWritten()).isTrue();
    }

    @Test
    void whatTheNodeLeavesBehindNeedNotBeWritten() {
        JobHistory history = JobHistory.open(fullDisk(), HistoryLimits.usual(), () -> now);
        history.begin(pending("demo-1"));

        history.clear();

        assertThat(history.isWritten()).isTrue();
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
