package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.vpc.PathProber;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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

    /**
     * Brings back what is ours of the node's RDMA device and that somebody has removed, whatever the node serves.
     *
     * @return what came back, such as {@code rdma:rxe0}; empty if nothing had to
     * @throws CommandFailed if it does not come back; it is tried again
     */
    default List<String> mend() throws CommandFailed {
        return List.of();
    }

    /** A cluster is given the member's RDMA device: how that is now is what {@link #worse} compares with. */
    default void entrust(Member member) {}

    /**
     * What is worse about the RDMA device than before a cluster was given it, in words; empty if nothing. Quick: it is only
     * looked at.
     *
     * @param former of the cluster that the node has left
     */
    default Optional<String> worse(Member former, NodeInventory has) {
        return Optional.empty();
    }

    /** A check of a device that has begun. */
    @FunctionalInterface
    interface Check {
        /** Ends it soon, if it can be ended. Waits for nothing. */
        void cancel();
    }

    /**
     * Begins to have an RDMA device talk to itself, and returns at once.
     *
     * @param device such as {@code rxe0}
     * @param netdev the Ethernet interface under it
     * @param ended is told the outcome, once, also of a check that was cancelled; on any thread, this one as well
     */
    default Check check(String device, String netdev, NodeInventory has, Consumer<LoopbackOutcome> ended) {
        ended.accept(new LoopbackOutcome.NotTried("RDMA device " + device + " is one in name only"));
        return () -> {};
    }

    /** Probes paths from the node in its cluster's VPC. */
    default PathProber paths() {
        return PathProber.ofModel();
    }

    /** The networks are as wanted, but the RDMA device has not followed. */
    final class NotReached extends Exception {
        private static final long serialVersionUID = 1L;

        private final String step;

        public NotReached(String message, Throwable cause) {
            super(message, cause);
            step = "find GID";
        }

        /** @param step what is not possible because of it, such as {@code use port 1 of rxe0} */
        public NotReached(String step, String message) {
            super(message);
            this.step = step;
        }

        String step() {
            return step;
        }
    }
}
