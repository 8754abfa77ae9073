package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster consists of, whatever its phase, and whose it is.
 *
 * @param owner who has asked for it; empty if that was nobody in particular
 * @param revision of its roster, from 1
 * @param network the number that is its VNI and VLAN
 * @param leaving former members that may carry the cluster's networks still; their addresses are not given to others
 */
public record ClusterShape(
        Optional<Principal> owner,
        ClusterSpec spec,
        int revision,
        int network,
        List<NodeName> members,
        List<Member> leaving) {
    public ClusterShape {
        members = List.copyOf(members);
        leaving = List.copyOf(leaving);
    }

    /** One that is nobody's in particular. */
    public ClusterShape(ClusterSpec spec, int revision, int network, List<NodeName> members, List<Member> leaving) {
        this(Optional.empty(), spec, revision, network, members, leaving);
    }

    /** With another roster: the next revision. */
    ClusterShape next(NextMembers next) {
        return new ClusterShape(owner, spec, revision + 1, network, next.members(), next.leaving());
    }

    /** When some of those who were leaving have left. */
    ClusterShape stillLeft(List<Member> stillLeaving) {
        return new ClusterShape(owner, spec, revision, network, members, stillLeaving);
    }

    /** When its owner wants another number of nodes. */
    ClusterShape wanting(int nodes) {
        return new ClusterShape(owner, spec.withNodes(nodes), revision, network, members, leaving);
    }
}
