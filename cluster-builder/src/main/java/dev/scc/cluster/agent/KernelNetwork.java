package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.segment.SegmentGid;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The networks of a node whose kernel says by which GID its RDMA device is reached. */
public record KernelNetwork(ClusterNetworks networks) implements NodeNetwork {
    private static final Duration KERNEL_ADDS_GID = Duration.ofSeconds(5);

    /** @param underlay the interface that carries the VPC's packets */
    public KernelNetwork(String underlay) {
        this(new ClusterNetworks(underlay));
    }

    @Override
    public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self)
            throws NotReached, InterruptedException {
        Member member = roster.member(self);
        if (member.rdmaDevice().isEmpty()) {
            return Optional.empty();
        }
        try {
            GidEntry gid = SegmentGid.await(
                    member.rdmaDevice(),
                    member.rdmaNetdev(),
                    roster.segment().vlan(),
                    member.rdmaAddress(),
                    KERNEL_ADDS_GID);
            return Optional.of(new NodeStatus.SegmentAddress(gid.gid(), gid.index()));
        } catch (IOException | TimeoutException e) {
            throw new NotReached(String.valueOf(e.getMessage()), e);
        }
    }
}
