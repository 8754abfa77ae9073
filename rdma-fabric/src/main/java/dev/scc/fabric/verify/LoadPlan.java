package dev.scc.fabric.verify;

import dev.scc.fabric.VlanId;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * All that a node needs to take part in a load; every member gets the same but for {@code self}.
 *
 * @param session tells this load from any other
 * @param device the RDMA device on this node whose counters are read
 * @param members in roster order, fewer than {@value #MOST_MEMBERS}
 * @param port of the RDMA connection manager: a flow's receiver listens on this one plus the sender's place among the members
 */
public record LoadPlan(
        String session, NodeName self, String device, VlanId vlan, List<ProbeMember> members, Load load, int port) {
    /** A node that all others send to has a connection, and a thread, for each. */
    public static final int MOST_MEMBERS = 1024;

    public LoadPlan {
        members = List.copyOf(members);
        if (members.size() > MOST_MEMBERS || port < 1 || port + members.size() > 65535) {
            throw new IllegalArgumentException("a load of %d nodes from port %d on".formatted(members.size(), port));
        }
    }

    /** The flows, round by round. */
    public List<List<Flow>> rounds() {
        return Flow.rounds(members.stream().map(ProbeMember::node).toList(), load);
    }

    /** The port on which a flow of this node is taken. */
    public int portOf(NodeName sender) {
        for (int place = 0; place < members.size(); place++) {
            if (members.get(place).node().equals(sender)) {
                return port + place;
            }
        }
        throw new IllegalArgumentException(sender + " is not one of " + members);
    }

    /** The node's address on the segment. */
    public Ipv4 address(NodeName node) {
        return members.stream()
                .filter(member -> member.node().equals(node))
                .map(ProbeMember::address)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(node + " is not one of " + members));
    }
}
