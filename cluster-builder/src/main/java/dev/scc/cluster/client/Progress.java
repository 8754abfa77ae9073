package dev.scc.cluster.client;

import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.PhaseTime;
import dev.scc.host.NodeName;
import java.util.List;

/** Something to tell whoever waits for a request. */
public sealed interface Progress {

    /**
     * The cluster has entered a phase.
     *
     * @param nodes how many members it has
     */
    record Entered(ClusterPhase phase, int nodes) implements Progress {}

    /** A member has done its part of the phase: it is built or clean. {@code done} members of {@code all} now have. */
    record NodeDone(ClusterPhase phase, NodeName node, int done, int all, List<PhaseTime> phases) implements Progress {
        public NodeDone {
            phases = List.copyOf(phases);
        }
    }

    /** A member's step failed. */
    record NodeFailed(ClusterPhase phase, NodeName node, String step, String why) implements Progress {}
}
