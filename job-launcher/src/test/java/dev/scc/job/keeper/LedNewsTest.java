package dev.scc.job.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.OwnTime;
import dev.scc.job.lead.LivingJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedNewsTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:20:30Z");
    private static final Duration AGAIN = Duration.ofSeconds(4);

    private final Steps steps = new Steps();
    private final List<LivingJob> led = new ArrayList<>();
    private final List<List<String>> told = new ArrayList<>();
    private boolean away;
    private final LedNews news = new LedNews(() -> List.copyOf(led), this::tell, steps);

    /** Each time it would wait, the next of these things happens; after the last one it is interrupted. */
    private static final class Steps extends OwnTime {
        private final Deque<Runnable> next = new ArrayDeque<>();
        private final List<Duration> waits = new ArrayList<>();

        @Override
        public Task start(String name, Runnable work) {
            work.run();
            return current();
        }

        @Override
        public <T> BlockingQueue<T> queue() {
            return new LinkedBlockingQueue<>() {
                @Override
                public T poll(long timeout, TimeUnit unit) throws InterruptedException {
                    if (next.isEmpty()) {
                        throw new InterruptedException();
                    }
                    Duration wait = Duration.of(timeout, unit.toChronoUnit());
                    waits.add(wait);
                    next.remove().run();
                    if (isEmpty()) {
                        sleep(wait);
                    }
                    return poll();
                }
            };
        }
    }

    private void tell(List<JobEntry> jobs) throws RpcFailed {
        if (away) {
            throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "no agent");
        }
        told.add(jobs.stream().map(job -> job.job() + " " + job.state()).toList());
    }

    private void then(Runnable step) {
        steps.next.add(step);
    }

    private void signalled(Runnable step) {
        then(() -> {
            step.run();
            news.signal();
        });
    }

    private void nothing() {
        then(() -> {});
    }

    private void begin(String job, boolean bound) {
        JobRecord record = JobRecord.pending(
                new JobId(job),
                new ClusterName("demo"),
                "user:ada",
                new NodeName("n1"),
                JobSpec.of(List.of("true")),
                NOW);
        led.add(new LivingJob(record, bound, steps.nanos()));
    }

    private void moved(int which, JobState state) {
        LivingJob job = led.get(which);
        led.set(which, new LivingJob(job.record().moved(state, NOW), job.bound(), job.sinceNanos()));
    }

    /** Those of a keeper that was killed would stay in the tree as long as its agent lives. */
    @Test
    void aKeeperThatBeginsTellsThatItHasNoJobs() {
        news.start();

        assertThat(told).containsExactly(List.of());
    }

    @Test
    void aKeeperWithoutJobsIsAtRest() {
        for (int i = 0; i < 5; i++) {
            nothing();
        }

        news.start();

        assertThat(told).containsExactly(List.of());
        assertThat(steps.waits).hasSize(5).containsOnly(AGAIN);
    }

    @Test
    void whatMovesIsToldAtOnceAndWhatDoesNotEveryFourSeconds() {
        signalled(() -> begin("a", false));
        signalled(() -> moved(0, new JobState.Starting()));
        signalled(() -> {});
        nothing();
        nothing();
        signalled(led::clear);
        nothing();

        news.start();

        assertThat(told)
                .containsExactly(
                        List.of(),
                        List.of("a Pending"),
                        List.of("a Starting"),
                        List.of("a Starting"),
                        List.of("a Starting"),
                        List.of());
        assertThat(steps.nanos()).isEqualTo(AGAIN.multipliedBy(3).toNanos());
    }

    /** They are many, and each word of them is a write in the tree. */
    @Test
    void ofShortJobsThatEndWithTheirClientsNobodyHears() {
        signalled(() -> begin("a", true));
        signalled(() -> moved(0, new JobState.Starting()));
        signalled(led::clear);
        nothing();

        news.start();

        assertThat(told).containsExactly(List.of());
    }

    @Test
    void oneThatLastsIsToldOfWhenItIsOldEnough() {
        signalled(() -> begin("a", true));
        then(() -> moved(0, new JobState.Starting()));
        signalled(() -> begin("b", true));
        nothing();

        news.start();

        assertThat(told).containsExactly(List.of(), List.of("a Starting"), List.of("a Starting", "b Pending"));
        assertThat(steps.waits).containsExactly(AGAIN, LedNews.YOUNG, AGAIN, LedNews.YOUNG);
    }

    @Test
    void youngJobsDoNotMakeItForgetTheOldOnes() {
        signalled(() -> begin("old", false));
        then(() -> {
            steps.sleep(AGAIN.minusMillis(1));
            begin("young", true);
            news.signal();
        });
        nothing();

        news.start();

        assertThat(steps.waits).endsWith(Duration.ofMillis(1));
        assertThat(told).containsExactly(List.of(), List.of("old Pending"), List.of("old Pending"));
    }

    @Test
    void anAgentThatWasAwayHearsAllOfItLater() {
        away = true;
        then(() -> away = false);

        news.start();

        assertThat(told).containsExactly(List.of());
        assertThat(steps.waits).containsExactly(AGAIN);
    }
}
