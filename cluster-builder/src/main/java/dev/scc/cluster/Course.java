package dev.scc.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the phases of what is being done with a cluster have taken.
 *
 * @param since when the present phase began, in milliseconds since 1970
 * @param phases those that are over, the latest of them
 */
public record Course(long since, List<PhaseTime> phases) {
    private static final int PHASES_KEPT = 32;

    public Course {
        phases = List.copyOf(phases);
    }

    /** Another undertaking begins: phases of earlier ones are forgotten. {@code now} is in milliseconds since 1970. */
    static Course begin(long now) {
        return new Course(now, List.of());
    }

    /** The present phase is over. {@code now} is in milliseconds since 1970. */
    Course after(ClusterPhase phase, long now) {
        List<PhaseTime> over = new ArrayList<>(phases);
        over.add(new PhaseTime(phase.toString(), Math.max(0, now - since)));
        if (over.size() > PHASES_KEPT) {
            over.removeFirst();
        }
        return new Course(now, over);
    }
}
