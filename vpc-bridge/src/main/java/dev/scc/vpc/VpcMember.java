package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * An ENI in a VPC, or a cluster's member: where its VXLAN packets go on the underlay, and its addresses.
 *
 * @param address the primary one
 * @param more of IPv4 or IPv6
 */
public record VpcMember(
        NodeName node,
        Ipv4 underlay,
        Ipv4 address,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Later List<Ip> more) {
    public VpcMember {
        more = List.copyOf(more);
    }

    /** One with a single address. */
    public VpcMember(NodeName node, Ipv4 underlay, Ipv4 address) {
        this(node, underlay, address, List.of());
    }

    /** All of its addresses. */
    public EniAddresses addresses() {
        return new EniAddresses(address, more);
    }

    Mac mac() {
        return Mac.of(address);
    }
}
