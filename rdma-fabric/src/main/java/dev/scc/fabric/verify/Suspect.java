package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.List;

/**
 * What a verdict points at.
 *
 * @param nodes the node; the two ends of the link; or every node, for the fabric as a whole
 * @param why in words, with the cause that one of its failed probes gave
 */
public record Suspect(Kind kind, List<NodeName> nodes, String why) {
    /** Which part of the cluster is suspected. */
    public enum Kind {
        NODE,
        LINK,
        FABRIC
    }

    public Suspect {
        nodes = List.copyOf(nodes);
    }
}
