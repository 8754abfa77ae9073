package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node's enrolment in the pool: written by the controller.
 *
 * @param cordon why no cluster is given to it from now on; empty while it is in service
 */
public record NodeRecord(NodeName node, Map<String, String> labels, Optional<String> cordon) {
    public NodeRecord {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A node that has just been enrolled. */
    public static NodeRecord enrolled(NodeName node) {
        return new NodeRecord(node, Map.of(), Optional.empty());
    }
}
