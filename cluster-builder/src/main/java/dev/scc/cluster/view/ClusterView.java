package dev.scc.cluster.view;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.trust.Principal;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster in full.
 *
 * @param owner whose it is, such as {@code user:ada}; empty if that is nobody in particular
 * @param users whose it is too, by their names
 * @param isolation what keeps others out of its RDMA network
 * @param reason why it is in that phase, if that needs saying; else empty
 * @param revision from 1
 * @param findings of the doctor's rules about its members, when each was looked at last
 * @param phases what its creation spent its time on, in order
 */
public record ClusterView(
        ClusterName cluster,
        ClusterPhase phase,
        String reason,
        int revision,
        List<Node> nodes,
        VpcNetwork vpc,
        Segment segment,
        List<PhaseTime> phases,
        VerificationSummary verification,
        @Later Optional<Principal> owner,
        @Later List<String> users,
        @Later Optional<Isolation> isolation,
        @Later List<Finding> findings)
        implements PoolView {
    public ClusterView {
        nodes = List.copyOf(nodes);
        phases = List.copyOf(phases);
        users = List.copyOf(users);
        findings = List.copyOf(findings);
    }

    /** {@code gid} is empty and {@code gidIndex} -1 until the node has reported them. */
    public record Node(NodeName name, Ipv4 vpcIp, Ipv4 rdmaIp, String rdmaDevice, String gid, int gidIndex) {}

    /** The cluster's part of the fabric. */
    public record Segment(VlanId vlan, Cidr cidr) {}

    /**
     * A cluster's view.
     *
     * @param roster of its present revision
     * @param reached what the members say that have reached that revision
     */
    public static ClusterView of(
            ClusterRecord record,
            Roster roster,
            Map<NodeName, NodeStatus.Reached> reached,
            Isolation isolation,
            List<Finding> findings) {
        return new ClusterView(
                record.name(),
                record.phase(),
                // A rollback that has succeeded since is no longer the reason for anything.
                record.phase() == ClusterPhase.READY
                        ? ""
                        : record.failure().map(Failure::why).orElse(""),
                record.revision(),
                roster.members().stream()
                        .map(member -> node(member, Optional.ofNullable(reached.get(member.node()))))
                        .toList(),
                roster.vpc(),
                new Segment(roster.segment().vlan(), roster.segment().cidr()),
                record.phases(),
                record.verification().orElse(VerificationSummary.NONE),
                record.owner(),
                record.spec().users(),
                Optional.of(isolation),
                findings);
    }

    private static Node node(Member member, Optional<NodeStatus.Reached> reached) {
        Optional<NodeStatus.SegmentAddress> segment = reached.flatMap(NodeStatus.Reached::segment);
        return new Node(
                member.node(),
                member.vpcAddress(),
                member.rdmaAddress(),
                member.rdmaDevice(),
                segment.map(NodeStatus.SegmentAddress::gid).orElse(""),
                segment.map(NodeStatus.SegmentAddress::gidIndex).orElse(-1));
    }
}
