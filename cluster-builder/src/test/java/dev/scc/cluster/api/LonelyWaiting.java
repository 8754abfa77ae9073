package dev.scc.cluster.api;

import java.time.Duration;

/** A clock that goes on only while somebody waits, who is never rung: each wait is over at once. Not thread-safe. */
public final class LonelyWaiting implements Waiting {
    /** Clocks of machines count from some moment. */
    private static final long BEGIN = -77_000_000_000L;

    private final Duration longest;
    private long passed;

    /** @param longest after so much time whoever waits is interrupted */
    public LonelyWaiting(Duration longest) {
        this.longest = longest;
    }

    /** How many nanoseconds have passed since the clock was made. */
    public long passed() {
        return passed;
    }

    /** Time goes by that nobody has waited for here. */
    public void pass(Duration time) {
        passed += time.toNanos();
    }

    @Override
    public long nanos() {
        return BEGIN + passed;
    }

    @Override
    public Bell bell() {
        return new Bell() {
            @Override
            public void ring() {}

            @Override
            public void forget() {}

            @Override
            public boolean await(Duration atMost) throws InterruptedException {
                pass(atMost);
                if (passed >= longest.toNanos()) {
                    throw new InterruptedException("the caller has gone");
                }
                return false;
            }
        };
    }
}
