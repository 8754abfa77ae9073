package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.host.NodeName;
import java.util.Optional;

/** The networks of the node that an agent looks after. */
public interface NodeNetwork {
    /** What a roster means for them. */
    ClusterNetworks networks();

    /**
     * How the node's RDMA device is reached, after all that is wanted is there; empty if the node has no such device.
     *
     * @throws NotReached if the device did not take up the segment's address
     */
    Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self) throws NotReached, InterruptedException;

    /** The networks are as wanted, but the RDMA device has not followed. */
    final class NotReached extends Exception {
        private static final long serialVersionUID = 1L;

        public NotReached(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
