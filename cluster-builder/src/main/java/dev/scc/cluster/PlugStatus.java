package dev.scc.cluster;

import dev.scc.host.Bounds;
import dev.scc.host.Later;
import java.util.List;
import java.util.Optional;

/**
 * What an agent says of its node's ENIs.
 *
 * @param plugs version of the entry that it answers
 * @param failed why they are not all as wanted; empty if they are, but for the homeless
 * @param homeless those whose network namespace is not there, or cannot take them: nothing of them is on the node
 */
public record PlugStatus(
        int plugs, Optional<Fault> failed, @Later List<Homeless> homeless) {
    public PlugStatus {
        Bounds.within("plugs", plugs, 0, Integer.MAX_VALUE);
        homeless = List.copyOf(homeless);
    }

    public PlugStatus(int plugs, Optional<Fault> failed) {
        this(plugs, failed, List.of());
    }

    /** Why that one is not there, although all else is as wanted; empty if it is, or is none of the homeless. */
    public Optional<Fault> homeless(int slot) {
        return homeless.stream()
                .filter(each -> each.slot() == slot)
                .map(each -> new Fault("network namespace", each.why()))
                .findFirst();
    }

    /** The ENI in a slot that has no place, and why. */
    public record Homeless(int slot, String why) {
        private static final int LONGEST = 300;

        public Homeless {
            Bounds.within("slot", slot, 1, Plug.LAST_SLOT);
            why = Bounds.cut(why, LONGEST);
        }
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
