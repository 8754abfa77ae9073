package dev.scc.job.keeper;

import dev.scc.cluster.JobEntry;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.JobRecord;
import dev.scc.job.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a node's agent of all jobs that the node leads: when one of them moves, and from time to time as long as there are
 * some, so that an agent that was away knows of them again. No job waits for that.
 */
final class LedNews {
    private static final Logger log = LoggerFactory.getLogger(LedNews.class);
    private static final Duration AGAIN = Duration.ofSeconds(4);

    /** Takes them to the agent. */
    @FunctionalInterface
    interface Way {
        void tell(List<JobEntry> jobs) throws RpcFailed, InterruptedException;
    }

    private final Supplier<List<JobRecord>> led;
    private final Way way;
    private final Tasks tasks;
    private final BlockingQueue<Boolean> news;

    LedNews(Supplier<List<JobRecord>> led, Way way, Tasks tasks) {
        this.tasks = tasks;
        news = tasks.queue();
        this.led = led;
        this.way = way;
    }

    /** The first time at once: a keeper before this one may have told of jobs that ended with it. */
    void start() {
        signal();
        tasks.start("job-news", this::run);
    }

    void signal() {
        news.add(true);
    }

    private void run() {
        boolean said = true;
        try {
            while (true) {
                boolean asked = news.poll(AGAIN.toMillis(), TimeUnit.MILLISECONDS) != null;
                news.clear();
                List<JobEntry> jobs = led.get().stream()
                        .filter(job -> !job.state().over())
                        .map(JobRecord::entry)
                        .toList();
                if (asked || !said || !jobs.isEmpty()) {
                    said = said(jobs);
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().log("nobody is told of jobs any more");
        }
    }

    private boolean said(List<JobEntry> jobs) throws InterruptedException {
        try {
            way.tell(jobs);
            return true;
        } catch (RpcFailed e) {
            log.atDebug().setCause(e).log("the agent does not hear of the jobs that its node leads");
            return false;
        }
    }
}
