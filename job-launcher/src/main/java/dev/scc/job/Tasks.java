package dev.scc.job;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the threads of jobs are, how they wait, and by which clock. Whatever decides about jobs waits through this alone, so that
 * it also runs where time is simulated and all of it happens on one thread.
 */
public interface Tasks {
    /** Nanoseconds since some moment. It never goes back. */
    long nanos();

    /** Lets that much time pass. */
    void sleep(Duration time) throws InterruptedException;

    /** Begins to do this beside the one who calls. */
    Task start(String name, Runnable work);

    /** The same for work that may wait for what no interrupt ends, such as a terminal; no process stays for its sake. */
    Task startDaemon(String name, Runnable work);

    /** The one who calls. */
    Task current();

    /** One that is closed. */
    Latch latch();

    /** An empty queue without a limit. */
    <T> BlockingQueue<T> queue();

    /** One that nobody has taken. */
    Lock lock();

    /** Something that is done beside others. */
    interface Task {
        /** Whatever it waits for, or will wait for next, ends with an {@link InterruptedException}. */
        void interrupt();

        /** Whether it was interrupted, and has not noticed yet. */
        boolean isInterrupted();

        /** Waits for its end. */
        void join() throws InterruptedException;

        /** Waits for its end. Returns whether that came within the time. */
        boolean join(Duration atMost) throws InterruptedException;
    }

    /** Opened once, by whoever knows that what others wait for has happened. */
    interface Latch {
        void open();

        boolean isOpen();

        void await() throws InterruptedException;

        /** Returns whether it was opened within that time. */
        boolean await(Duration atMost) throws InterruptedException;
    }

    /** Held by one at a time, also while that one waits for something; in the order in which they came. */
    interface Lock {
        void take() throws InterruptedException;

        void giveBack();
    }

    /** Virtual threads, which stand still while they wait, and this machine's clock. */
    static Tasks ofThreads() {
        return Threads.INSTANCE;
    }

    /** @param thread that does it */
    record OfThread(Thread thread) implements Task {
        @Override
        public void interrupt() {
            thread.interrupt();
        }

        @Override
        public boolean isInterrupted() {
            return thread.isInterrupted();
        }

        @Override
        public void join() throws InterruptedException {
            thread.join();
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            return thread.join(atMost);
        }
    }

    /** See {@link #ofThreads}. */
    final class Threads implements Tasks {
        private static final Threads INSTANCE = new Threads();

        private Threads() {}

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time);
        }

        @Override
        public Task start(String name, Runnable work) {
            return new OfThread(Thread.ofVirtual().name(name).start(work));
        }

        @Override
        public Task startDaemon(String name, Runnable work) {
            return new OfThread(Thread.ofPlatform().daemon().name(name).start(work));
        }

        @Override
        public Task current() {
            return new OfThread(Thread.currentThread());
        }

        @Override
        public Latch latch() {
            CountDownLatch latch = new CountDownLatch(1);
            return new Latch() {
                @Override
                public void open() {
                    latch.countDown();
                }

                @Override
                public boolean isOpen() {
                    return latch.getCount() == 0;
                }

                @Override
                public void await() throws InterruptedException {
                    latch.await();
                }

                @Override
                public boolean await(Duration atMost) throws InterruptedException {
                    return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
                }
            };
        }

        @Override
        public <T> BlockingQueue<T> queue() {
            return new LinkedBlockingQueue<>();
        }

        @Override
        public Lock lock() {
            ReentrantLock lock = new ReentrantLock(true);
            return new Lock() {
                @Override
                public void take() throws InterruptedException {
                    lock.lockInterruptibly();
                }

                @Override
                public void giveBack() {
                    lock.unlock();
                }
            };
        }
    }
}
