package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.RdmaCmId;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Gids;
import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.segment.SegmentLink;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.util.Optional;

/** Where this node is on the segment: its RDMA device, its VLAN, its address. */
record Place(RdmaSysfs sysfs, String device, String netdev, VlanId vlan, Ipv4 address) {

    /**
     * That what the connection manager has bound the id to is the segment's GID and no other: the segment's address, which
     * the device knows as a RoCE v2 GID of the segment's VLAN link. Packets of such a GID leave with the VLAN's tag.
     */
    void check(RdmaCmId id) throws IOException, ProbeFailed {
        Optional<Ipv4> bound = CmChannel.ipv4(id.getSource());
        if (!bound.equals(Optional.of(address))) {
            throw new ProbeFailed(
                    "the connection is bound to " + bound.map(Ipv4::toString).orElse("no IPv4 address")
                            + " and not to the segment's address " + address);
        }
        String link = SegmentLink.name(netdev, vlan);
        if (Gids.find(sysfs, device, address, link).isEmpty()) {
            throw new ProbeFailed("RDMA device " + device + " has no RoCE v2 GID for " + address + " on " + link);
        }
    }

    RdmaCounters counters() throws IOException {
        return RdmaCounters.read(sysfs, device);
    }
}
