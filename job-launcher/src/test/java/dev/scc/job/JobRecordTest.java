package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobRecordTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private static JobRecord pending() {
        return JobRecord.pending(
                new JobId("demo-1"),
                new ClusterName("demo"),
                "user:ada",
                new NodeName("n1"),
                JobSpec.of(List.of("app", "x")),
                NOON);
    }

    private static JobState.Ended ended(JobEnd end) {
        Receipt receipt = new Receipt(
                new JobId("demo-1"),
                new ClusterName("demo"),
                MpiFamily.NONE,
                1,
                ExitCodes.of(end),
                Transport.NONE,
                List.of(),
                List.of());
        return new JobState.Ended(new JobOutcome.Ended(end, List.of(), List.of(), receipt));
    }

    @Test
    void aJobThatIsStartedAgainSaysTheHowManiethTimeItIs() {
        List<JobId> before = List.of(new JobId("demo-a"), new JobId("demo-b"));
        JobSpec third = JobSpec.of(List.of("app")).again(3, before);
        JobRecord record = JobRecord.pending(
                new JobId("demo-1"), new ClusterName("demo"), "user:ada", new NodeName("n1"), third, NOON);

        assertThat(third.restarts()).isEqualTo(2);
        assertThat(record.attempt()).isEqualTo(3);
        assertThat(record.moved(new JobState.Starting(), NOON).earlier()).isEqualTo(before);
    }

    @Test
    void ofVeryManyAttemptsTheLastAreRemembered() {
        List<JobId> many =
                IntStream.range(0, 250).mapToObj(i -> new JobId("demo-" + i)).toList();

        assertThat(JobSpec.of(List.of("app")).again(251, many).earlier())
                .hasSize(JobSpec.EARLIER)
                .endsWith(new JobId("demo-249"));
    }

    @Test
    void aRecordOfBeforeHasNoEarlierAttempts() {
        String text = Json.write(pending());

        assertThat(text).contains(",\"earlier\":[]");
        assertThat(Json.read(text.replace(",\"earlier\":[]", "").getBytes(StandardCharsets.UTF_8), JobRecord.class))
                .isEqualTo(pending());
    }

    @Test
    void aJobThatRanKnowsWhenAndHow() {
        JobRecord job = pending()
                .withRanks(2)
                .moved(new JobState.Starting(), NOON.plusSeconds(1))
                .moved(new JobState.Running(), NOON.plusSeconds(2))
                .moved(new JobState.Ending(), NOON.plusSeconds(5))
                .moved(ended(new JobEnd.Failed(7, "rank 0 on n1 ended with exit status 7")), NOON.plusSeconds(6));

        assertThat(job.started()).contains(NOON.plusSeconds(2));
        assertThat(job.ended()).contains(NOON.plusSeconds(6));
        assertThat(job.exitCode()).contains(7);
        assertThat(job.cause()).contains("rank 0 on n1 ended with exit status 7");
        assertThat(Json.read(Json.writeBytes(job), JobRecord.class)).isEqualTo(job);
    }

    @Test
    void aJobThatIsCancelledExitsLikeOneThatIsInterrupted() {
        JobRecord job = pending()
                .moved(new JobState.Starting(), NOON)
                .moved(new JobState.Ending(), NOON)
                .moved(ended(new JobEnd.Cancelled("cancelled by user:ada")), NOON);

        assertThat(job.exitCode()).contains(130);
        assertThat(job.cause()).contains("cancelled by user:ada");
        assertThat(job.started()).isEmpty();
    }

    @Test
    void whatIsOverDoesNotMove() {
        JobRecord refused = pending().moved(new JobState.Refused("no room", 1), NOON);

        assertThatThrownBy(() -> refused.moved(new JobState.Starting(), NOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is Refused and cannot become Starting");
        assertThatThrownBy(() -> pending().moved(new JobState.Running(), NOON)).hasMessageContaining("is Pending");
    }

    @Test
    void theTreeIsToldNoOutputAndNoCommand() {
        assertThat(Json.write(pending().withRanks(3).entry()))
                .isEqualTo("{\"job\":\"demo-1\",\"cluster\":\"demo\",\"owner\":\"user:ada\",\"lead\":\"n1\","
                        + "\"state\":\"Pending\",\"ranks\":3,\"attempt\":1,\"submitted\":" + NOON.toEpochMilli() + "}");
    }
}
