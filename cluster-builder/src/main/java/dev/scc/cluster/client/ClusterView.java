package dev.scc.cluster.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.fabric.VlanId;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster as {@code scc show} gives it. Its JSON is part of the command line's contract. */
public record ClusterView(
        ClusterName cluster,
        ClusterPhase phase,
        int revision,
        List<NodeView> nodes,
        VpcNetwork vpc,
        SegmentView segment,
        List<PhaseTime> phases,
        Optional<VerificationSummary> verification,
        Optional<Failure> failure) {
    public ClusterView {
        nodes = List.copyOf(nodes);
        phases = List.copyOf(phases);
    }

    /** @param gid empty while the node has not reached the revision, or has no RDMA device */
    public record NodeView(
            NodeName name,
            Ipv4 vpcIp,
            Ipv4 rdmaIp,
            String rdmaDevice,
            Optional<String> gid,
            Optional<Integer> gidIndex) {}

    /** The cluster's part of the fabric. */
    public record SegmentView(VlanId vlan, Cidr cidr) {}

    static ClusterView of(ClusterRecord record, Roster roster, Map<NodeName, NodeStatus.Reached> reached) {
        return new ClusterView(
                record.name(),
                record.phase(),
                record.revision(),
                roster.members().stream()
                        .map(member -> node(member, Optional.ofNullable(reached.get(member.node()))))
                        .toList(),
                roster.vpc(),
                new SegmentView(roster.segment().vlan(), roster.segment().cidr()),
                record.phases(),
                record.verification(),
                record.failure());
    }

    private static NodeView node(Member member, Optional<NodeStatus.Reached> reached) {
        Optional<NodeStatus.SegmentAddress> segment = reached.flatMap(NodeStatus.Reached::segment);
        return new NodeView(
                member.node(),
                member.vpcAddress(),
                member.rdmaAddress(),
                member.rdmaDevice(),
                segment.map(NodeStatus.SegmentAddress::gid),
                segment.map(NodeStatus.SegmentAddress::gidIndex));
    }
}
