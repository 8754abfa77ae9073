package dev.scc.job.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.JobEntry;
import dev.scc.job.Tasks;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedNewsTest {
    /** Those of a keeper that was killed would stay in the tree as long as its agent lives. */
    @Test
    void aKeeperThatBeginsTellsThatItHasNoJobs() throws Exception {
        BlockingQueue<List<JobEntry>> told = new LinkedBlockingQueue<>();

        new LedNews(List::of, told::add, Tasks.ofThreads()).start();

        assertThat(told.poll(10, TimeUnit.SECONDS)).isEmpty();
    }
}
