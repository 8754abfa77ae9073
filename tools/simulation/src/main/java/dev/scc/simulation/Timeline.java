package dev.scc.simulation;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Simulated time, and what is going to happen. Of two things at the same time the one that was planned first is first. */
final class Timeline {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private record Event(long at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long planned;
    private long happened;

    /** Since the beginning of the simulation, in nanoseconds. */
    long now() {
        return now;
    }

    /** How many events have happened. */
    long happened() {
        return happened;
    }

    void after(long nanos, Runnable what) {
        at(now + nanos, what);
    }

    void at(long when, Runnable what) {
        events.add(new Event(Math.max(when, now), planned++, what));
    }

    /** Has the next event happen. Returns false if there is none. */
    boolean step() {
        @Nullable Event next = events.poll();
        if (next == null) {
            return false;
        }
        now = next.at;
        happened++;
        next.what.run();
        return true;
    }
}
