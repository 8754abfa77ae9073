package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Optional;

/**
 * What a node says it has reached: written by its agent, one entry per node.
 *
 * @param assignment version of the assignment that this answers
 * @param phases what the agent spent its time on
 */
public record NodeStatus(int assignment, State state, List<PhaseTime> phases) {
    public NodeStatus {
        phases = List.copyOf(phases);
    }

    /** The answer itself. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    public sealed interface State {}

    /** Everything that the roster asks of this node is there. */
    @JsonTypeName("Reached")
    public record Reached(ClusterName cluster, int revision, Optional<SegmentAddress> segment) implements State {}

    /**
     * A step failed.
     *
     * @param step such as {@code add link:eni0}
     * @param why the first cause
     * @param left what could not be taken back; empty if nothing of the attempt is left
     */
    @JsonTypeName("StepFailed")
    public record StepFailed(String step, String why, List<String> left) implements State {
        public StepFailed {
            left = List.copyOf(left);
        }
    }

    /** Nothing that scc made is on this node. */
    @JsonTypeName("Clean")
    public record Clean() implements State {}

    /**
     * How the node's RDMA device is reached on the segment.
     *
     * @param gid as sysfs shows it
     * @param gidIndex in the device's GID table at the time of the status
     */
    public record SegmentAddress(String gid, int gidIndex) {}
}
