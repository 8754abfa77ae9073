package dev.scc.fabric.mesh;

import dev.scc.host.Bounds;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * What one member's probes of another have come to.
 *
 * @param peer who was probed
 * @param probes that were answered or lost, since the cluster is on the node
 * @param lost of these
 * @param brokenSince when the first of the latest ones was lost, in milliseconds since 1970, if several in a row were
 * @param latest the oldest first
 */
public record MeshPeer(NodeName peer, long probes, long lost, Optional<Long> brokenSince, List<MeshSample> latest) {
    public MeshPeer {
        Bounds.within("probes", probes, 0, Long.MAX_VALUE);
        Bounds.within("lost", lost, 0, probes);
        latest = List.copyOf(latest.subList(Math.max(0, latest.size() - MeshSeries.KEPT), latest.size()));
    }
}
