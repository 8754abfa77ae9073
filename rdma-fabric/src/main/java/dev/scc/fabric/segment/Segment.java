package dev.scc.fabric.segment;

import dev.scc.fabric.VlanId;
import dev.scc.host.Cidr;
import dev.scc.host.Later;
import java.util.Optional;

/**
 * One cluster's isolated part of the fabric.
 *
 * @param mtu in bytes, one for all members; empty if each takes that of its RDMA interface
 */
public record Segment(VlanId vlan, Cidr cidr, @Later Optional<Integer> mtu) {

    /** One whose members take the MTU of their RDMA interfaces. */
    public static Segment of(VlanId vlan, Cidr cidr) {
        return new Segment(vlan, cidr, Optional.empty());
    }

    /** The name of this segment's link on the interface under a node's RDMA device, such as {@code eth1.70}. */
    public String link(String rdmaNetdev) {
        return SegmentLink.name(rdmaNetdev, vlan);
    }
}
