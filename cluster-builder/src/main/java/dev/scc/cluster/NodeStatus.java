package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.Bounds;
import dev.scc.host.Later;
import java.util.List;
import java.util.Optional;

/**
 * What a node says it has reached: written by its agent, one entry per node.
 *
 * @param assignment version of the assignment that this answers
 * @param phases what the agent spent its time on
 */
public record NodeStatus(int assignment, State state, List<PhaseTime> phases) {
    /** With these an entry fits {@link TreeEntry#largest}, whatever characters are in it. */
    private static final int MOST_PHASES = 16;

    private static final int MOST_LEFT = 8;
    private static final int LONGEST_LINE = 100;
    private static final int LONGEST_REASON = 1_000;
    private static final int LONGEST_EXCUSE = 300;
    private static final int LONGEST_GID = 64;

    public NodeStatus {
        Bounds.within("assignment", assignment, 0, Integer.MAX_VALUE);
        phases = List.copyOf(phases.subList(0, Math.min(MOST_PHASES, phases.size())));
    }

    /** The answer itself. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    public sealed interface State {}

    /** Everything that the roster asks of this node is there. */
    @JsonTypeName("Reached")
    public record Reached(ClusterName cluster, int revision, Optional<SegmentAddress> segment) implements State {
        public Reached {
            Bounds.within("revision", revision, 1, Integer.MAX_VALUE);
        }
    }

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
            step = Bounds.cut(step, LONGEST_LINE);
            why = Bounds.cut(why, LONGEST_REASON);
            left = Bounds.cut(left, MOST_LEFT, LONGEST_LINE);
        }
    }

    /**
     * Nothing that scc made is on this node.
     *
     * @param worse what about its RDMA device is worse than it was before the cluster that it has left; empty if nothing
     * @param unchecked why its RDMA device could not be checked, if that was tried; empty if it was, and is well
     */
    @JsonTypeName("Clean")
    public record Clean(
            @Later Optional<String> worse, @Later Optional<String> unchecked) implements State {
        public Clean {
            worse = worse.map(why -> Bounds.cut(why, LONGEST_REASON));
            unchecked = unchecked.map(why -> Bounds.cut(why, LONGEST_EXCUSE));
        }

        /** One whose device is as well as before. */
        public Clean() {
            this(Optional.empty(), Optional.empty());
        }

        /** One whose device is worse than before. */
        public static Clean worse(String why) {
            return new Clean(Optional.of(why), Optional.empty());
        }
    }

    /**
     * How the node's RDMA device is reached on the segment.
     *
     * @param gid as sysfs shows it
     * @param gidIndex in the device's GID table at the time of the status
     */
    public record SegmentAddress(String gid, int gidIndex) {
        public SegmentAddress {
            Bounds.atMost("gid", gid, LONGEST_GID);
            Bounds.within("gidIndex", gidIndex, -1, Integer.MAX_VALUE);
        }
    }
}
