package dev.scc.simulation;

import dev.scc.job.Tasks;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everything that one process does at the same time: coroutines, which live and die with it. */
final class SimTasks implements Tasks {
    private static final long FOR_EVER = -1;

    private final SimProcess process;
    private @Nullable Fiber running;

    SimTasks(SimProcess process) {
        this.process = process;
    }

    /** One of them. */
    final class Fiber implements Task {
        private final Coroutine coroutine;
        private final Latch end = latch();
        private boolean interrupted;
        private boolean over;
        private boolean parked;
        private int parkings;

        private Fiber(Runnable work) {
            coroutine = new Coroutine(() -> {
                work.run();
                over = true;
                end.open();
            });
        }

        /** Goes on until it waits again. */
        void resume() {
            if (over) {
                return;
            }
            Fiber before = running;
            running = this;
            try {
                coroutine.resume();
            } finally {
                running = before;
            }
        }

        private void park(long nanos) throws InterruptedException {
            notice();
            int parking = ++parkings;
            parked = true;
            if (nanos != FOR_EVER) {
                process.later(Math.max(0, nanos), () -> {
                    if (parked && parking == parkings) {
                        parked = false;
                        resume();
                    }
                });
            }
            Coroutine.pause();
            notice();
        }

        private void notice() throws InterruptedException {
            if (interrupted) {
                interrupted = false;
                throw new InterruptedException("simulated");
            }
        }

        private void wake() {
            if (parked) {
                parked = false;
                process.later(process.sim.chance.between(0, 50 * Timeline.MICRO), this::resume);
            }
        }

        @Override
        public void interrupt() {
            interrupted = true;
            wake();
        }

        @Override
        public boolean isInterrupted() {
            return interrupted;
        }

        @Override
        public void join() throws InterruptedException {
            end.await();
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            return end.await(atMost);
        }
    }

    /** Those who wait for one thing. */
    final class Waiters {
        private final Deque<Fiber> all = new ArrayDeque<>();

        void wakeAll() {
            List.copyOf(all).forEach(Fiber::wake);
        }

        /** Waits to be woken, or until that time; whoever is woken looks again. */
        void await(long until) throws InterruptedException {
            Fiber me = current();
            all.add(me);
            try {
                me.park(until == FOR_EVER ? FOR_EVER : until - nanos());
            } finally {
                all.remove(me);
            }
        }
    }

    @Override
    public long nanos() {
        return process.sim.timeline.now();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        current().park(time.toNanos());
    }

    @Override
    public Fiber start(String name, Runnable work) {
        Fiber fiber = new Fiber(work);
        process.later(process.sim.chance.between(0, 50 * Timeline.MICRO), fiber::resume);
        return fiber;
    }

    @Override
    public Task startDaemon(String name, Runnable work) {
        return start(name, work);
    }

    @Override
    public Fiber current() {
        Fiber now = running;
        if (now == null) {
            throw new IllegalStateException("nothing of " + process + " runs now");
        }
        return now;
    }

    private long until(Duration atMost) {
        return nanos() + Math.max(0, atMost.toNanos());
    }

    @Override
    public Latch latch() {
        return new Latch() {
            private final Waiters waiters = new Waiters();
            private boolean open;

            @Override
            public void open() {
                open = true;
                waiters.wakeAll();
            }

            @Override
            public boolean isOpen() {
                return open;
            }

            @Override
            public void await() throws InterruptedException {
                current().notice();
                while (!open) {
                    waiters.await(FOR_EVER);
                }
            }

            @Override
            public boolean await(Duration atMost) throws InterruptedException {
                current().notice();
                long until = until(atMost);
                while (!open && nanos() < until) {
                    waiters.await(until);
                }
                return open;
            }
        };
    }

    @Override
    public Lock lock() {
        return new Lock() {
            private final Waiters waiters = new Waiters();
            private final Deque<Fiber> inOrder = new ArrayDeque<>();
            private boolean taken;

            @Override
            public void take() throws InterruptedException {
                Fiber me = current();
                inOrder.add(me);
                try {
                    while (taken || inOrder.getFirst() != me) {
                        waiters.await(FOR_EVER);
                    }
                    taken = true;
                } finally {
                    inOrder.remove(me);
                    waiters.wakeAll();
                }
            }

            @Override
            public void giveBack() {
                taken = false;
                waiters.wakeAll();
            }
        };
    }

    @Override
    public <T> BlockingQueue<T> queue() {
        return new Queue<>();
    }

    private final class Queue<T> extends AbstractQueue<T> implements BlockingQueue<T> {
        private final Deque<T> elements = new ArrayDeque<>();
        private final Waiters waiters = new Waiters();

        @Override
        public boolean offer(T element) {
            elements.add(element);
            waiters.wakeAll();
            return true;
        }

        @Override
        public boolean offer(T element, long timeout, TimeUnit unit) {
            return offer(element);
        }

        @Override
        public void put(T element) {
            offer(element);
        }

        @Override
        public @Nullable T poll() {
            return elements.poll();
        }

        @Override
        public @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
            current().notice();
            long until = nanos() + Math.max(0, unit.toNanos(timeout));
            while (elements.isEmpty() && nanos() < until) {
                waiters.await(until);
            }
            return elements.poll();
        }

        @Override
        public T take() throws InterruptedException {
            current().notice();
            while (elements.isEmpty()) {
                waiters.await(FOR_EVER);
            }
            return elements.remove();
        }

        @Override
        public @Nullable T peek() {
            return elements.peek();
        }

        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public Iterator<T> iterator() {
            return new ArrayList<>(elements).iterator();
        }

        @Override
        public void clear() {
            elements.clear();
        }

        @Override
        public int remainingCapacity() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int drainTo(Collection<? super T> to) {
            return drainTo(to, Integer.MAX_VALUE);
        }

        @Override
        public int drainTo(Collection<? super T> to, int most) {
            int moved = 0;
            while (moved < most && !elements.isEmpty()) {
                to.add(elements.remove());
                moved++;
            }
            return moved;
        }
    }
}
