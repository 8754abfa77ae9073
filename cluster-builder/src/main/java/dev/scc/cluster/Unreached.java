package dev.scc.cluster;

import dev.scc.host.Bounds;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * Which other members of its cluster a node does not reach over RDMA, as the mesh shows.
 *
 * @param at since when that is so, in milliseconds since 1970, by the node's clock
 * @param members the first of them; empty if all are reached again
 */
public record Unreached(long at, List<NodeName> members) {
    private static final int MOST = 8;

    public Unreached {
        Bounds.within("at", at, 0, Long.MAX_VALUE);
        members = List.copyOf(members.subList(0, Math.min(MOST, members.size())));
    }
}
