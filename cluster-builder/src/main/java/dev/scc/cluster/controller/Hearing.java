package dev.scc.cluster.controller;

import dev.scc.cluster.Happening;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Of which nodes something that they tell of themselves was written down a moment ago. Each is heard from time to time only: whoever
 * says something new without end gets no more of a controller's time, and of the journal, than that.
 */
final class Hearing {
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    private final Map<NodeName, Instant> last = new HashMap<>();

    /** Those that are not heard now. */
    Set<NodeName> heard(Instant now) {
        last.values().removeIf(at -> at.isAfter(now) || !now.isBefore(at.plus(BETWEEN)));
        return Set.copyOf(last.keySet());
    }

    /** What has been written down. */
    void note(List<Happening> happenings, Instant now) {
        for (Happening happening : happenings) {
            switch (happening) {
                case Happening.MachineReplaced replaced -> last.put(replaced.node(), now);
                case Happening.NodeMoved moved -> last.put(moved.node(), now);
                case Happening.NodeRepaired repaired -> last.put(repaired.node(), now);
                case Happening.NodeReaches reaches -> last.put(reaches.node(), now);
                case Happening.TermBegun _,
                        Happening.NodeEnrolled _,
                        Happening.RequestTakenUp _,
                        Happening.RequestRefused _,
                        Happening.ClusterMoved _,
                        Happening.NodeLost _,
                        Happening.NodeBack _,
                        Happening.NodeRecovered _,
                        Happening.NodeFailed _,
                        Happening.EntryIgnored _,
                        Happening.NodesFreed _ -> {}
            }
        }
    }

    /** How long until somebody is heard again; an hour if all are. */
    Duration untilNext(Instant now) {
        return last.values().stream()
                .map(at -> Duration.between(now, at.plus(BETWEEN)))
                .min(Duration::compareTo)
                .filter(Duration::isPositive)
                .orElse(Duration.ofHours(1));
    }
}
