package dev.scc.simulation;

import dev.scc.cluster.api.Waiting;
import java.time.Duration;

/** A process waits, and others go on. */
record TimelineWaiting(SimProcess process) implements Waiting {
    @Override
    public long nanos() {
        return process.sim.timeline.now();
    }

    @Override
    public Bell bell() {
        return new Bell() {
            private boolean rung;

            @Override
            public void ring() {
                rung = true;
                process.signal();
            }

            @Override
            public void forget() {
                rung = false;
            }

            @Override
            public boolean await(Duration atMost) {
                long end = nanos() + atMost.toNanos();
                while (!rung && nanos() < end) {
                    process.takeSignal();
                    process.await(end - nanos());
                }
                boolean before = rung;
                rung = false;
                return before;
            }
        };
    }
}
