package dev.scc.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One direction of a connection: what is sent first arrives first, unless the connection breaks before. */
final class OneWay {
    private final Timeline timeline;
    private final LongSupplier latency;
    private final Consumer<Runnable> end;
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private long last;
    /** One more whenever it breaks: what was under way then never arrives. */
    private int connection;

    private boolean cut;
    /** How many of those that are under way would have arrived if it had not been cut. */
    private int stuck;

    /**
     * A way on which nothing is.
     *
     * @param latency how long the next message is under way, in nanoseconds, 0 or more
     * @param end does what has arrived, now or later
     */
    OneWay(Timeline timeline, LongSupplier latency, Consumer<Runnable> end) {
        this.timeline = timeline;
        this.latency = latency;
        this.end = end;
    }

    /** {@code what} happens when it has arrived. */
    void send(Runnable what) {
        long takes = latency.getAsLong();
        if (takes == 0 && underWay.isEmpty() && !cut) {
            end.accept(what);
            return;
        }
        underWay.add(what);
        schedule(takes);
    }

    private void schedule(long takes) {
        last = Math.max(last, timeline.now() + takes);
        int mine = connection;
        timeline.at(last, () -> arrive(mine));
    }

    private void arrive(int mine) {
        if (mine != connection) {
            return;
        }
        if (cut) {
            stuck++;
            return;
        }
        end.accept(() -> {
            if (mine == connection) {
                underWay.remove().run();
            }
        });
    }

    boolean isCut() {
        return cut;
    }

    /** From now on nothing arrives. */
    void cut() {
        cut = true;
    }

    void heal() {
        cut = false;
        int all = stuck;
        stuck = 0;
        for (int i = 0; i < all; i++) {
            schedule(latency.getAsLong());
        }
    }

    /** Nothing that is under way arrives any more. */
    void clear() {
        connection++;
        underWay.clear();
        stuck = 0;
        last = 0;
    }
}
