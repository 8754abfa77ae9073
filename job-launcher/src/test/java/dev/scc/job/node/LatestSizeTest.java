package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.TerminalSize;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatestSizeTest {

    /** Class of hole: a thread for each thing that somebody else says. */
    @Test
    void whileTheTerminalDoesNotReadOneWriterWaitsAndOnlyTheLatestSizeComesAfterwards() throws InterruptedException {
        List<TerminalSize> told = new CopyOnWriteArrayList<>();
        CountDownLatch reads = new CountDownLatch(1);
        Semaphore writes = new Semaphore(0);
        LatestSize sizes = new LatestSize(size -> {
            told.add(size);
            writes.release();
            try {
                reads.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        sizes.put(new TerminalSize(1, 1));
        assertThat(writes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        for (int rows = 2; rows <= 100; rows++) {
            sizes.put(new TerminalSize(rows, 80));
        }
        reads.countDown();

        assertThat(writes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told).containsExactly(new TerminalSize(1, 1), new TerminalSize(100, 80));
    }
}
