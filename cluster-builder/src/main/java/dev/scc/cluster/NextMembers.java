package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.List;
import java.util.Set;

/**
 * Who is on the next revision of a cluster's roster.
 *
 * @param members in the order of their ranks
 * @param joining those of them that were no members before
 * @param leaving former members that may carry the cluster's networks still
 */
public record NextMembers(List<NodeName> members, Set<NodeName> joining, List<Member> leaving) {
    public NextMembers {
        members = List.copyOf(members);
        joining = Set.copyOf(joining);
        leaving = List.copyOf(leaving);
    }
}
