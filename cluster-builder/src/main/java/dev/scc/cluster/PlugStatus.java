package dev.scc.cluster;

import dev.scc.host.Bounds;
import java.util.Optional;

/**
 * What an agent says of its node's ENIs.
 *
 * @param plugs version of the entry that it answers
 * @param failed why they are not all as wanted; empty if they are
 */
public record PlugStatus(int plugs, Optional<Fault> failed) {
    public PlugStatus {
        Bounds.within("plugs", plugs, 0, Integer.MAX_VALUE);
    }

    /** A step that failed, and the first cause. */
    public record Fault(String step, String why) {
        private static final int LONGEST_STEP = 100;
        private static final int LONGEST_REASON = 1_000;

        public Fault {
            step = Bounds.cut(step, LONGEST_STEP);
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }
}
