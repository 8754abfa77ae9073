package dev.scc.job.keeper;

import dev.scc.cluster.JobEntry;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.Tasks;
import dev.scc.job.lead.LivingJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a node's agent of the jobs that the node leads: when something about them changes, and from time to time as long as there
 * are some, so that an agent that was away knows of them again. No job waits for that. Jobs that end with their clients are told
 * of when they have lasted a little: until then their clients are all who wait for word of them, and short jobs, of which there
 * are many, cost the tree nothing.
 */
final class LedNews {
    private static final Logger log = LoggerFactory.getLogger(LedNews.class);
    private static final Duration AGAIN = Duration.ofSeconds(4);

    private static final long NANOS_OF_A_MILLISECOND = 1_000_000;

    /** How long a job that ends with its client is nobody else's concern. */
    static final Duration YOUNG = Duration.ofMillis(250);

    /** Takes them to the agent. */
    @FunctionalInterface
    interface Way {
        void tell(List<JobEntry> jobs) throws RpcFailed, InterruptedException;
    }

    private final Supplier<List<LivingJob>> led;
    private final Way way;
    private final Tasks tasks;
    private final BlockingQueue<Boolean> news;

    /** What the agent knows; empty if that is not known. */
    private Optional<List<JobEntry>> said = Optional.empty();

    private long triedAtNanos;

    LedNews(Supplier<List<LivingJob>> led, Way way, Tasks tasks) {
        this.tasks = tasks;
        news = tasks.queue();
        this.led = led;
        this.way = way;
    }

    /** The first time at once: a keeper before this one may have told of jobs that ended with it. */
    void start() {
        tasks.start("job-news", this::run);
    }

    /** Something about a job has changed. */
    void signal() {
        news.add(true);
    }

    private void run() {
        try {
            while (true) {
                List<LivingJob> living = led.get().stream()
                        .filter(job -> !job.record().state().over())
                        .toList();
                say(living.stream()
                        .filter(job -> untilOfAge(job) <= 0)
                        .map(job -> job.record().entry())
                        .toList());
                boolean _ = news.poll(untilNextLook(living), TimeUnit.MILLISECONDS) != null;
                news.clear();
            }
        } catch (InterruptedException e) {
            log.atTrace().log("nobody is told of jobs any more");
        }
    }

    private void say(List<JobEntry> jobs) throws InterruptedException {
        boolean known = said.filter(jobs::equals).isPresent();
        if (known && tasks.nanos() - triedAtNanos < AGAIN.toNanos()) {
            return;
        }
        triedAtNanos = tasks.nanos();
        if (known && jobs.isEmpty()) {
            return;
        }
        try {
            way.tell(jobs);
            said = Optional.of(jobs);
        } catch (RpcFailed e) {
            said = Optional.empty();
            log.atDebug().setCause(e).log("the agent does not hear of the jobs that its node leads");
        }
    }

    /** In milliseconds, at least one: clocks need not know shorter times. */
    private long untilNextLook(List<LivingJob> living) {
        long again = Math.max(1, AGAIN.toNanos() - (tasks.nanos() - triedAtNanos));
        long nanos = living.stream()
                .mapToLong(this::untilOfAge)
                .filter(young -> young > 0)
                .reduce(again, Math::min);
        return Math.ceilDiv(nanos, NANOS_OF_A_MILLISECOND);
    }

    /** How long until it is told of, in nanoseconds; 0 or less if it is time. */
    private long untilOfAge(LivingJob job) {
        return job.bound() ? YOUNG.toNanos() - (tasks.nanos() - job.sinceNanos()) : 0;
    }
}
