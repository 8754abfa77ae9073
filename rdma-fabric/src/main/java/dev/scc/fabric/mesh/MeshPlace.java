package dev.scc.fabric.mesh;

import dev.scc.fabric.VlanId;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * Where a node takes part in a mesh.
 *
 * @param device the RDMA device
 * @param netdev the Ethernet interface under it
 * @param address of the node on the segment
 * @param members of the cluster, the node itself included
 */
public record MeshPlace(
        NodeName self, String device, String netdev, VlanId vlan, Ipv4 address, List<ProbeMember> members) {
    public MeshPlace {
        members = List.copyOf(members);
    }
}
