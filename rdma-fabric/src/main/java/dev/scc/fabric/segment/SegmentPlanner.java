package dev.scc.fabric.segment;

import dev.scc.host.Ipv4;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import java.util.List;
import java.util.Optional;

/** What a node needs in order to be on a segment. Pure. */
public final class SegmentPlanner {
    private SegmentPlanner() {}

    /**
     * The VLAN link with the node's address, and the packet filter that keeps the segment to itself.
     *
     * @param owner the cluster's name
     * @param self the node's address on the segment
     * @param rdmaNetdev the Ethernet interface under the RDMA device, such as {@code eth1}
     * @param mtu of the VLAN link in bytes, at most that of {@code rdmaNetdev}
     * @throws IllegalArgumentException if {@code self} is not in the segment's subnet
     */
    public static NetState wanted(String owner, Segment segment, Ipv4 self, String rdmaNetdev, int mtu) {
        if (!segment.cidr().contains(self)) {
            throw new IllegalArgumentException("address " + self + " is not in the segment's subnet " + segment.cidr());
        }
        String link = segment.link(rdmaNetdev);
        LinkKind vlan = new LinkKind.Vlan(rdmaNetdev, segment.vlan().value());
        return NetState.of(List.of(
                new NetObject.Link(link, owner, vlan, mtu, Optional.empty()),
                new NetObject.Address(link, self, segment.cidr().prefix()),
                new NetObject.NftTable("scc_seg" + segment.vlan(), filter(segment, link))));
    }

    /**
     * Linux accepts packets for any of its addresses on any of its interfaces, so a neighbour on another network could
     * reach the segment's address from there. RoCE packets pass the input hook too: rxe takes them from a UDP socket.
     */
    private static String filter(Segment segment, String link) {
        return """
                chain input {
                    type filter hook input priority filter; policy accept;
                    ip daddr %1$s iifname != { "lo", "%2$s" } drop
                    iifname "%2$s" ip saddr != %1$s drop
                }
                chain forward {
                    type filter hook forward priority filter; policy accept;
                    iifname "%2$s" drop
                    oifname "%2$s" drop
                }
                """.formatted(segment.cidr(), link);
    }
}
