package dev.scc.cluster;

import dev.scc.host.Bounds;

/** How long a named part of some work took, in milliseconds. */
public record PhaseTime(String name, long millis) {
    private static final int LONGEST_NAME = 40;

    public PhaseTime {
        name = Bounds.cut(name, LONGEST_NAME);
        Bounds.within("millis", millis, 0, Long.MAX_VALUE);
    }
}
