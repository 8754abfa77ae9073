package dev.scc.cluster;

import dev.scc.fabric.segment.Segment;
import dev.scc.host.Memo;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcNetwork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * The immutable, complete description of one revision of a cluster: all that an agent needs to build its part.
 *
 * @param revision from 1, one more with each change of the membership
 * @param epoch of the controller that wrote it
 * @param members in the order of their ranks; written as {@link MemberRun}s
 */
public record Roster(
        ClusterName cluster,
        int revision,
        long epoch,
        VpcNetwork vpc,
        Segment segment,

        @JsonSerialize(converter = MemberRun.FromMembers.class) @JsonDeserialize(converter = MemberRun.ToMembers.class)
        List<Member> members) {
    private static final Memo<List<Member>, Map<NodeName, Member>> BY_NODE = new Memo<>(Roster::byNode);

    public Roster {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("roster of " + cluster + " has no members");
        }
    }

    /**
     * The node's entry.
     *
     * @throws IllegalArgumentException if the node is not in this roster
     */
    public Member member(NodeName node) {
        return Optional.ofNullable(BY_NODE.of(members).get(node))
                .orElseThrow(() -> new IllegalArgumentException(node + " is not in the roster of " + cluster));
    }

    private static Map<NodeName, Member> byNode(List<Member> members) {
        Map<NodeName, Member> byNode = new HashMap<>();
        members.forEach(member -> byNode.putIfAbsent(member.node(), member));
        return byNode;
    }
}
