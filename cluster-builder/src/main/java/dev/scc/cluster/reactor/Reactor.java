package dev.scc.cluster.reactor;

import dev.scc.cluster.tree.ConnectionLost;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a pass on a thread of its own: at the start, after every signal, and when the time that it asked for is over. */
public final class Reactor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reactor.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Pass pass;
    private final Duration gather;
    private final Consumer<Throwable> died;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean signalled = true;
    private boolean closed;

    public Reactor(String name, Pass pass) {
        this(name, pass, Thread.ofPlatform(), Duration.ZERO);
    }

    /**
     * One that does not run yet, and whose process ends when the pass dies of an {@link Error}.
     *
     * @param kind of thread; a virtual one where a process has thousands of reactors
     * @param gather how long after a signal to wait for more of them, so that a thousand do not lead to as many passes
     */
    public Reactor(String name, Pass pass, Thread.Builder kind, Duration gather) {
        this(name, pass, kind, gather, ProcessEnd::now);
    }

    /**
     * The same.
     *
     * @param died is told of an {@link Error}, on the reactor's thread, after which there are no more passes
     */
    public Reactor(String name, Pass pass, Thread.Builder kind, Duration gather, Consumer<Throwable> died) {
        this.died = died;
        this.pass = pass;
        this.gather = gather;
        thread = kind.name(name).unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /** Something may have changed. Never waits; signals during a pass lead to one more pass. */
    public void signal() {
        lock.lock();
        try {
            // One who gathers signals need not wake up for each.
            if (!signalled) {
                signalled = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        Duration pause = Duration.ZERO;
        try {
            while (await(pause)) {
                pause = once();
            }
            log.atDebug().addKeyValue("reactor", thread.getName()).log("stopped");
        } catch (Throwable e) {
            // Whatever sees to it that this process seems to live would go on, and nothing would be done any more.
            died.accept(e);
        }
    }

    private Duration once() {
        try {
            return pass.run();
        } catch (ConnectionLost e) {
            log.atInfo().addKeyValue("why", e.getMessage()).log("no connection; looking again soon");
            return AFTER_FAILURE;
        } catch (InterruptedException e) {
            // Of a closed reactor: it will find out. Of any other: nobody is entitled to.
            log.atDebug().addKeyValue("reactor", thread.getName()).log("pass interrupted");
            return AFTER_FAILURE;
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("pass failed; looking again soon");
            return AFTER_FAILURE;
        }
    }

    /** Returns true when it is time for a pass, false when closed. An interrupt makes it time. */
    private boolean await(Duration atMost) {
        lock.lock();
        try {
            long nanos = atMost.toNanos();
            while (!signalled && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            long gathering = signalled ? gather.toNanos() : 0;
            while (!closed && gathering > 0) {
                gathering = changed.awaitNanos(gathering);
            }
            signalled = false;
            return !closed;
        } catch (InterruptedException e) {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts a pass that is under way and waits for it to end. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            // One that was never started has nothing to end.
            if (thread != Thread.currentThread() && thread.getState() != Thread.State.NEW) {
                thread.join(Duration.ofSeconds(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
