package dev.scc.cluster.plan;

import java.time.Duration;

/**
 * How patient a controller is.
 *
 * @param grace how long an agent may be gone before its node counts as lost; longer than an agent's restart
 * @param build how long all members may take to build their part
 * @param clean how long all members may take to prove themselves clean
 * @param keepOutcomes how long the outcome of a request can be asked for
 */
public record Timing(Duration grace, Duration build, Duration clean, Duration keepOutcomes) {
    public static Timing usual() {
        return new Timing(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofHours(24));
    }
}
