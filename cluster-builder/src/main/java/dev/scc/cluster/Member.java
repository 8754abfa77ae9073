package dev.scc.cluster;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.List;

/**
 * One node of a cluster.
 *
 * @param underlay where its VXLAN packets go
 * @param agent host and port of its agent's gRPC service, such as {@code 10.99.0.11:7070}
 * @param vpcAddress of its {@code eni0}, of IPv4
 * @param rdmaAddress on the segment
 * @param rdmaDevice whose segment it is
 * @param rdmaNetdev the Ethernet interface under that device
 */
public record Member(
        NodeName node,
        Ipv4 underlay,
        String agent,
        Ipv4 vpcAddress,
        Ipv4 rdmaAddress,
        String rdmaDevice,
        String rdmaNetdev) {
    /** As others see it in its VPC: with the address of IPv6 that goes with its own, if the VPC has any. */
    public VpcMember in(VpcNetwork vpc) {
        List<Ip> more = vpc.ipv6Of(vpcAddress).map(List::<Ip>of).orElse(List.of());
        return new VpcMember(node, underlay, vpcAddress, more);
    }
}
