package dev.scc.job;

import java.time.Duration;

/** A clock that goes on only while somebody sleeps, who is there at once. */
public class OwnTime extends ForwardingTasks {
    private long now;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void sleep(Duration length) {
        now += length.toNanos();
    }
}
