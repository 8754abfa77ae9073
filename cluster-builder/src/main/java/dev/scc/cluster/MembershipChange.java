package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is being done to the members of a cluster that has been ready before.
 *
 * @param joining members that were not in the roster before it began
 * @param before how many members the cluster was meant to have before it began
 * @param proven the cluster was in order when it began: those who were members then need no other proof
 */
public record MembershipChange(Kind kind, Set<NodeName> joining, int before, boolean proven) {
    public MembershipChange {
        joining = Collections.unmodifiableSet(new TreeSet<>(joining));
    }

    /** Why the members change. */
    public enum Kind {
        /** A client wants another number of nodes. */
        SCALE,
        /** Members that are lost or fail are replaced. */
        REPAIR,
        /** The nodes that joined are taken out again, because the change failed. */
        BACK_OUT,
        /** Nobody joins or leaves: a cluster that was degraded is whole again, and verified anew. */
        RETURN
    }
}
