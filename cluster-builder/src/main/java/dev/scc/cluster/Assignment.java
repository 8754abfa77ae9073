package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.Bounds;

/**
 * What a node is to be: written by the controller, one entry per node. The entry's version identifies the assignment: a
 * status says which one it answers.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Assignment {

    /**
     * The highest fencing number that can ever come up: one a second for 30 million years. An agent obeys nothing below what it
     * has obeyed, so a number out of nowhere would be the last one.
     */
    long LAST_EPOCH = 1_000_000_000_000_000L;

    private static void checkEpoch(long epoch) {
        Bounds.within("epoch", epoch, 0, LAST_EPOCH);
    }

    /**
     * Whether a node to which this was given may say so. It may always say that a step failed; of a cluster and a revision that it
     * was not given it can have reached nothing.
     */
    default boolean answeredBy(NodeStatus.State state) {
        return switch (state) {
            case NodeStatus.StepFailed _ -> true;
            case NodeStatus.Clean _ -> !(this instanceof Serve);
            case NodeStatus.Reached reached ->
                this instanceof Serve serve
                        && serve.cluster().equals(reached.cluster())
                        && serve.revision() == reached.revision();
        };
    }

    /** The fencing number of the controller that wrote it. */
    long epoch();

    /**
     * The node may be given out.
     *
     * @param clean version of the assignment under which the node has to have proved itself clean before that
     */
    @JsonTypeName("Free")
    record Free(long epoch, int clean) implements Assignment {
        public Free {
            checkEpoch(epoch);
        }

        /** Whether this is the proof that it asks for. */
        public boolean shownBy(NodeStatus status) {
            return status.assignment() >= clean && status.state() instanceof NodeStatus.Clean;
        }
    }

    /**
     * The node is a member of a cluster.
     *
     * @param revision of the roster that describes the node's part
     * @param network the number that is the cluster's VNI and VLAN
     */
    @JsonTypeName("Serve")
    record Serve(long epoch, ClusterName cluster, int revision, int network) implements Assignment {
        public Serve {
            checkEpoch(epoch);
            Bounds.within("revision", revision, 1, Integer.MAX_VALUE);
            Bounds.within("network", network, 1, Pools.LAST);
        }
    }

    /** The node was a member; it has to take everything back and to prove itself clean before it is free. */
    @JsonTypeName("Leave")
    record Leave(long epoch, ClusterName cluster, int network) implements Assignment {
        public Leave {
            checkEpoch(epoch);
            Bounds.within("network", network, 1, Pools.LAST);
        }
    }
}
