package dev.scc.fabric.verify;

import dev.scc.fabric.VlanId;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * All that a node needs to take part in a verification; every member gets the same but for {@code self}.
 *
 * @param session tells this verification from any other, so that a late probe of an earlier one is turned away
 * @param device the RDMA device on this node whose counters are read
 * @param members in roster order
 * @param port of the RDMA connection manager on which passive sides listen, 1 to 65535
 */
public record ProbePlan(
        String session,
        NodeName self,
        String device,
        VlanId vlan,
        List<ProbeMember> members,
        Pattern pattern,
        int port) {
    public ProbePlan {
        members = List.copyOf(members);
    }
}
