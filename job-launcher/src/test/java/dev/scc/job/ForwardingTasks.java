package dev.scc.job;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/** Threads, for tests to come between: it does what those do. */
public abstract class ForwardingTasks implements Tasks {
    private final Tasks threads = Tasks.ofThreads();

    @Override
    public long nanos() {
        return threads.nanos();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        threads.sleep(time);
    }

    @Override
    public Task start(String name, Runnable work) {
        return threads.start(name, work);
    }

    @Override
    public Task startDaemon(String name, Runnable work) {
        return threads.startDaemon(name, work);
    }

    @Override
    public Task current() {
        return threads.current();
    }

    @Override
    public Latch latch() {
        return threads.latch();
    }

    @Override
    public <T> BlockingQueue<T> queue() {
        return threads.queue();
    }

    @Override
    public Lock lock() {
        return threads.lock();
    }
}
