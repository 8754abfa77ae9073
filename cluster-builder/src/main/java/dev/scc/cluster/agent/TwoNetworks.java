package dev.scc.cluster.agent;

import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Obstruction;
import dev.scc.cluster.Roster;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.SegmentGid;
import dev.scc.fabric.segment.SegmentPlanner;
import dev.scc.host.Memo;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetState;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The VPC on the ordinary network, and the segment on the RDMA one. A node without an RDMA device has no part in the
 * segment: nothing could be reached on it.
 *
 * @param underlay the interface that carries the VPC's packets
 */
public record TwoNetworks(String underlay) implements NodeNetwork {
    private static final Duration KERNEL_ADDS_GID = Duration.ofSeconds(5);
    private static final int ORDINARY_MTU = 1500;

    private static final Memo<Roster, VpcPlan> PLANS = new Memo<>(TwoNetworks::plan);

    @Override
    public NetState wanted(Roster roster, NodeName self, NodeInventory has) {
        Member member = roster.member(self);
        NetState vpc = PLANS.of(roster).wanted(self, underlay, mtu(has, underlay));
        if (member.rdmaDevice().isEmpty()) {
            return vpc;
        }
        int mtu = segmentMtu(roster, self, member.rdmaNetdev(), has);
        NetState segment = SegmentPlanner.wanted(
                roster.cluster().value(), roster.segment(), member.rdmaAddress(), member.rdmaNetdev(), mtu);
        return vpc.and(segment);
    }

    /** The members' common one; RDMA devices that disagree lose packets, so there is no smaller one for a single member. */
    private static int segmentMtu(Roster roster, NodeName self, String netdev, NodeInventory has) {
        int carried = mtu(has, netdev);
        int common = roster.segment().mtu().orElse(carried);
        if (carried < common) {
            throw new IllegalArgumentException("MTU " + carried + " of " + netdev + " on node " + self
                    + " is smaller than the " + common + " of the segment of cluster " + roster.cluster());
        }
        return common;
    }

    @Override
    public Optional<String> obstacle(Roster roster, NodeInventory has) {
        return Obstruction.of(List.of(roster.vpc().cidr(), roster.segment().cidr()), has);
    }

    private static VpcPlan plan(Roster roster) {
        List<VpcMember> members = roster.members().stream()
                .map(member -> new VpcMember(member.node(), member.underlay(), member.vpcAddress()))
                .toList();
        return VpcPlan.of(roster.cluster().value(), roster.vpc(), members);
    }

    private static int mtu(NodeInventory has, String netdev) {
        return has.nics().stream()
                .filter(nic -> nic.name().equals(netdev))
                .mapToInt(Nic::mtu)
                .findFirst()
                .orElse(ORDINARY_MTU);
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
