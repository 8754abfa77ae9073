package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A node's enrolment in the pool: written by the controller. */
public record NodeRecord(NodeName node, Map<String, String> labels, boolean cordoned) {
    public NodeRecord {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
