package dev.scc.bench;

import java.io.IOException;
import java.time.Duration;

/** A number of nodes, of which one cluster at a time is made. Closing ends its processes. */
interface Pool extends AutoCloseable {
    Duration LOOK_AGAIN = Duration.ofMillis(100);
    /** This part of a processor is for what is always to be done, as for sessions. */
    double IDLE = 0.25;

    /** Makes a cluster of all nodes; answers how long its client waited, in seconds. */
    double create() throws Exception;

    /** Takes it down again, likewise. Returns when the pool is {@linkplain #awaitIdle idle}. */
    double delete() throws Exception;

    /**
     * Collects the heap that all agents share here. Each has one of its own elsewhere; in this one, a collection has to look at
     * all of them whenever all of them together have filled it, which grows with their square.
     */
    void collectAgents() throws IOException, InterruptedException;

    /** Processor time that the pool's processes have used so far, in seconds. */
    double processorSeconds();

    /** Until the pool's processes have nothing to do any more: what they do for the last run must not disturb the next. */
    default void awaitIdle() throws InterruptedException {
        double before = processorSeconds();
        while (true) {
            Thread.sleep(LOOK_AGAIN);
            double now = processorSeconds();
            if (now - before < LOOK_AGAIN.toMillis() / 1000.0 * IDLE) {
                return;
            }
            before = now;
        }
    }

    @Override
    void close() throws IOException;
}
