package dev.scc.simulation;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeNetwork;
import dev.scc.fabric.PriorityPairs;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.Locale;
import java.util.Optional;

/** The real plan of a node's networks; the GID is where the model says that the address is on the segment. */
record ModelNetwork(Hardware hardware) implements NodeNetwork {
    private static final ClusterNetworks NETWORKS = new ClusterNetworks("eth0");

    /** That of a site which gives its agents a class of traffic, which some nodes are of. */
    private static final ClusterNetworks CLASSED =
            new ClusterNetworks("eth0", new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(26)));

    @Override
    public ClusterNetworks networks() {
        return hardware.number % 3 == 2 ? CLASSED : NETWORKS;
    }

    @Override
    public Optional<String> worse(Member former, NodeInventory has) {
        return hardware.rdmaPortDown ? Optional.of("port 1 of RDMA device rxe0 is DOWN") : Optional.empty();
    }

    @Override
    public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self) throws NotReached {
        Member member = roster.member(self);
        Ipv4 address = member.rdmaAddress();
        if (hardware.noGid || !hardware.onSegment(roster.segment().vlan().value(), address)) {
            throw new NotReached("no GID for " + address, new IllegalStateException("simulated"));
        }
        int bits = address.bits();
        String gid = String.format(Locale.ROOT, "0000:0000:0000:0000:0000:ffff:%04x:%04x", bits >>> 16, bits & 0xffff);
        return Optional.of(new NodeStatus.SegmentAddress(gid, 3));
    }
}
