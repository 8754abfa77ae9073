package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * What a node is to be: written by the controller, one entry per node. The entry's version identifies the assignment: a
 * status says which one it answers.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Assignment {

    /** The fencing number of the controller that wrote it. */
    long epoch();

    /**
     * The node may be given out.
     *
     * @param clean version of the assignment under which the node has to have proved itself clean before that
     */
    @JsonTypeName("Free")
    record Free(long epoch, int clean) implements Assignment {

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
    record Serve(long epoch, ClusterName cluster, int revision, int network) implements Assignment {}

    /** The node was a member; it has to take everything back and to prove itself clean before it is free. */
    @JsonTypeName("Leave")
    record Leave(long epoch, ClusterName cluster, int network) implements Assignment {}
}
