package dev.scc.simulation;

import dev.scc.cluster.reactor.Pass;
import dev.scc.cluster.tree.ConnectionLost;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process with one thread, that can be stopped, continued and killed at every point where it waits. When it is started
 * again it is another process of the same name.
 */
abstract class SimProcess {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long AFTER_FAILURE = Timeline.SECOND;

    final Simulation sim;
    final String name;
    final Wire wire;
    /** When there was none yet. */
    final long begun;

    private @Nullable Coroutine coroutine;
    private boolean alive = true;
    private int stops;
    private boolean stopped;
    private final List<Runnable> held = new ArrayList<>();
    private boolean signalled = true;
    private boolean idle;
    private int waits;
    /** How far its clock is ahead of the true time, in nanoseconds. */
    long clockAhead;
    /** The next transaction is held in hand for so long before it is sent, stopped meanwhile; 0: it is not. */
    long holdNext;

    private int pointsLeft;
    private boolean onlyIfItChanges;
    private Runnable fate = () -> {};

    SimProcess(Simulation sim, String name) {
        this.sim = sim;
        this.name = name;
        this.begun = sim.timeline.now();
        this.wire = new Wire(this);
    }

    boolean alive() {
        return alive;
    }

    boolean stopped() {
        return stopped;
    }

    /** Alive and not stopped. */
    boolean runs() {
        return alive && !stopped;
    }

    InstantSource clock() {
        return () -> START.plusNanos(sim.timeline.now() + clockAhead);
    }

    void start(Runnable body) {
        wire.connect(sim.chance.between(Timeline.MILLI, 20 * Timeline.MILLI));
        begin(body);
    }

    /** As {@link #start}, without a way to ZooKeeper. */
    void begin(Runnable body) {
        coroutine = new Coroutine(body);
        later(0, this::resume);
    }

    /** Runs the pass as a reactor does: at the start, after every signal, and when the time that it asked for is over. */
    void react(Pass pass) {
        long pause = 0;
        while (true) {
            await(pause);
            signalled = false;
            pause = once(pass);
        }
    }

    private long once(Pass pass) {
        try {
            sim.tally.passes++;
            sim.rest.ifPresent(rest -> rest.passes(this));
            beginPass();
            Duration wait = pass.run();
            if (wait.isNegative()) {
                throw new BrokenPromise("a pass never asks for a negative time", name + " asked for " + wait);
            }
            return wait.toNanos();
        } catch (ConnectionLost e) {
            return AFTER_FAILURE;
        } catch (InterruptedException e) {
            throw new BrokenPromise("a pass does not fail", name + " was interrupted", e);
        } catch (RuntimeException e) {
            throw new BrokenPromise("a pass does not fail", name + ": " + e, e);
        }
    }

    void beginPass() {}

    /** Whether nothing gets from here to ZooKeeper, whatever heals. */
    boolean cutOff() {
        return false;
    }

    /** It knows now what stands at this path. */
    void hasRead(String path) {
        sim.rest.ifPresent(rest -> rest.reads(this, path));
    }

    /** Ends by itself; its session ends with it. */
    void exit() {
        sim.trace.mark(name, "ends", "");
        wire.close();
        alive = false;
        coroutine = null;
        held.clear();
    }

    /** Returns when there is a signal, or after this time. */
    void await(long nanos) {
        if (signalled || nanos <= 0) {
            return;
        }
        int wait = ++waits;
        idle = true;
        later(nanos, () -> {
            if (wait == waits && idle) {
                idle = false;
                resume();
            }
        });
        Coroutine.pause();
    }

    /** Whether it waits for something to do. */
    boolean idle() {
        return idle;
    }

    /** Something may have changed. */
    void signal() {
        signalled = true;
        if (idle) {
            idle = false;
            later(sim.chance.between(0, 50 * Timeline.MICRO), this::resume);
        }
    }

    boolean signalled() {
        return signalled;
    }

    /** It no longer cares for signals of before. */
    void takeSignal() {
        signalled = false;
    }

    void sleep(long nanos) {
        later(nanos, this::resume);
        Coroutine.pause();
    }

    void resume() {
        Coroutine body = coroutine;
        if (body != null) {
            body.resume();
        }
    }

    /** Happens after this time if the process is alive then; if it is stopped then, when it goes on. */
    void later(long nanos, Runnable what) {
        sim.timeline.after(nanos, () -> deliver(what));
    }

    void deliver(Runnable what) {
        if (!alive) {
            return;
        }
        if (stopped) {
            held.add(what);
        } else {
            what.run();
        }
    }

    /** A point at which the process may be killed, stopped or cut off. */
    void point(Point.Kind kind, String what) {
        sim.points.reached(this, kind, what);
        if (pointsLeft > 0 && (!onlyIfItChanges || kind.changes()) && --pointsLeft == 0) {
            sim.trace.mark(name, "meets its fate", kind + " " + what);
            sim.tally.fault("at a point: " + kind);
            fate.run();
            later(0, this::resume);
            Coroutine.pause();
        }
    }

    /**
     * This happens to it at a point, after so many others.
     *
     * @param changing only those count at which it changes something
     */
    void fate(int after, boolean changing, Runnable what) {
        pointsLeft = after + 1;
        onlyIfItChanges = changing;
        fate = what;
    }

    /** As by SIGKILL: it ends between two instructions, and its session outlives it until the ensemble misses it. */
    void kill() {
        if (!alive) {
            return;
        }
        sim.trace.mark(name, "killed", "");
        disturbed();
        alive = false;
        coroutine = null;
        held.clear();
        wire.abandon();
    }

    /** As by SIGSTOP for this time: it does not notice before it goes on. */
    void stop(long nanos) {
        if (!runs()) {
            return;
        }
        sim.trace.mark(name, "stopped", nanos / 1e9);
        disturbed();
        stopped = true;
        int number = ++stops;
        wire.silent();
        sim.timeline.after(nanos, () -> {
            if (number == stops) {
                proceed();
            }
        });
    }

    private void disturbed() {
        if (this instanceof ControllerProcess || this instanceof FrontProcess) {
            sim.serversDisturbed = sim.timeline.now();
        }
    }

    void proceed() {
        if (!alive || !stopped) {
            return;
        }
        sim.trace.mark(name, "continued", "");
        disturbed();
        stopped = false;
        wire.heard();
        List<Runnable> all = List.copyOf(held);
        held.clear();
        long at = 0;
        for (Runnable what : all) {
            at += sim.chance.between(0, Timeline.MILLI);
            later(at, what);
        }
    }

    /** Stops itself, in the middle of what it does. */
    void stopHere(long nanos) {
        stop(nanos);
        later(0, this::resume);
        Coroutine.pause();
    }

    @Override
    public String toString() {
        return name;
    }
}
