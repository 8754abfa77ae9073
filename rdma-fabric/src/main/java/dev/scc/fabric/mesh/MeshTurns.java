package dev.scc.fabric.mesh;

import dev.scc.host.NodeName;
import java.util.List;

/**
 * Whom a member probes when: all others in turn, so that members that are in step probe one each, and no two the same. Pure.
 *
 * @param members in the order that all of them know
 */
public record MeshTurns(List<NodeName> members, NodeName self) {
    public MeshTurns {
        members = List.copyOf(members);
        if (!members.contains(self)) {
            throw new IllegalArgumentException(self + " is not one of " + members);
        }
    }

    /** Whether there is anybody to probe. */
    public boolean alone() {
        return members.size() < 2;
    }

    /**
     * Who is next.
     *
     * @param turn from 0
     * @throws IllegalStateException if there is nobody else
     */
    public NodeName at(long turn) {
        if (alone()) {
            throw new IllegalStateException(self + " is alone");
        }
        int others = members.size() - 1;
        int step = 1 + (int) Math.floorMod(turn, (long) others);
        return members.get((members.indexOf(self) + step) % members.size());
    }
}
