package dev.scc.cluster.api;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.PhaseTime;
import dev.scc.host.NodeName;
import java.util.List;

/** Something to tell whoever waits for a request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Progress {

    /**
     * The cluster has entered a phase.
     *
     * @param nodes how many members it has
     */
    @JsonTypeName("Entered")
    record Entered(ClusterPhase phase, int nodes) implements Progress {}

    /** A member has done its part of the phase: it is built or clean. {@code done} members of {@code all} now have. */
    @JsonTypeName("NodeDone")
    record NodeDone(ClusterPhase phase, NodeName node, int done, int all, List<PhaseTime> phases) implements Progress {
        public NodeDone {
            phases = List.copyOf(phases);
        }
    }

    /** A member's step failed. */
    @JsonTypeName("NodeFailed")
    record NodeFailed(ClusterPhase phase, NodeName node, String step, String why) implements Progress {}
}
