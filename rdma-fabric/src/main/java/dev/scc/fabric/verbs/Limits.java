package dev.scc.fabric.verbs;

import java.time.Duration;

/**
 * How long a prober waits. Rounds end at fixed times after its start, not a fixed time after the previous one: a node that
 * was held up by a dead partner meets its next partner, who waits for it, in good time.
 *
 * @param start how much later than this one other nodes may start
 * @param round for one round; a healthy pair needs far less, and goes on to the next round at once
 * @param step for one answer of a partner that is already connected
 */
public record Limits(Duration start, Duration round, Duration step) {
    /** Generous enough for emulated nodes that share a core. */
    public static final Limits DEFAULT =
            new Limits(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(8));

    /**
     * How long a prober takes at most for so many rounds, when its partners never answer.
     *
     * @param rounds from 0
     */
    public Duration longest(int rounds) {
        return start.plus(round.multipliedBy(rounds));
    }

    /**
     * How long a load takes at most.
     *
     * @param rounds of flows, from 0
     */
    public static Duration longestLoad(int rounds) {
        return LoadRounds.longest(rounds);
    }

    public Limits {
        if (start.isNegative() || !round.isPositive() || !step.isPositive()) {
            throw new IllegalArgumentException(
                    "limits of a probe are not positive: start " + start + ", round " + round + ", step " + step);
        }
    }
}
