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
 * @param health how often it has failed of late
 */
public record NodeRecord(NodeName node, Map<String, String> labels, Optional<String> cordon, Health health) {
    public NodeRecord {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A node that has just been enrolled. */
    public static NodeRecord enrolled(NodeName node) {
        return new NodeRecord(node, Map.of(), Optional.empty(), Health.good());
    }

    public NodeRecord withLabels(Map<String, String> others) {
        return new NodeRecord(node, others, cordon, health);
    }

    public NodeRecord withCordon(Optional<String> why) {
        return new NodeRecord(node, labels, why, health);
    }

    public NodeRecord withHealth(Health now) {
        return new NodeRecord(node, labels, cordon, now);
    }

    /** Whether no cluster is given to it, by an operator or for its health. */
    public boolean outOfService() {
        return cordon.isPresent() || health.drained();
    }
}
