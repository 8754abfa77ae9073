package dev.scc.cluster.agent;

import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetState;
import java.util.Optional;

/** What a roster means for one node's networks. */
public interface NodeNetwork {

    /**
     * All that has to be on the node. Pure.
     *
     * @throws IllegalArgumentException if the roster makes no sense for this node
     */
    NetState wanted(Roster roster, NodeName self, NodeInventory has);

    /** Why these networks must not be built here: the node has to go on reaching something in their place; empty if nothing. Pure. */
    Optional<String> obstacle(Roster roster, NodeInventory has);

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
