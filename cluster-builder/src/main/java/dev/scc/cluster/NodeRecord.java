package dev.scc.cluster;

import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node's enrolment in the pool: written by the controller.
 *
 * @param machine the one that is this node: another one that comes under this name is not
 * @param cordon why no cluster is given to it from now on; empty while it is in service
 * @param health how often it has failed of late
 * @param repairTold when its agent had repaired something the last time that an event tells of
 * @param unreachedTold when what an event tells of last has changed in whom it reaches over RDMA
 */
public record NodeRecord(
        NodeName node,
        Alive machine,
        Map<String, String> labels,
        Optional<String> cordon,
        Health health,
        @Later Optional<Long> repairTold,
        @Later Optional<Long> unreachedTold) {
    public NodeRecord {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A node that has just been enrolled. */
    public static NodeRecord enrolled(NodeName node, Alive machine) {
        return new NodeRecord(
                node, machine, Map.of(), Optional.empty(), Health.good(), Optional.empty(), Optional.empty());
    }

    public NodeRecord withMachine(Alive other) {
        return new NodeRecord(node, other, labels, cordon, health, repairTold, unreachedTold);
    }

    public NodeRecord withLabels(Map<String, String> others) {
        return new NodeRecord(node, machine, others, cordon, health, repairTold, unreachedTold);
    }

    public NodeRecord withCordon(Optional<String> why) {
        return new NodeRecord(node, machine, labels, why, health, repairTold, unreachedTold);
    }

    public NodeRecord withHealth(Health now) {
        return new NodeRecord(node, machine, labels, cordon, now, repairTold, unreachedTold);
    }

    public NodeRecord withRepairTold(long at) {
        return new NodeRecord(node, machine, labels, cordon, health, Optional.of(at), unreachedTold);
    }

    public NodeRecord withUnreachedTold(long at) {
        return new NodeRecord(node, machine, labels, cordon, health, repairTold, Optional.of(at));
    }

    /** Whether no cluster is given to it, by an operator or for its health. */
    public boolean outOfService() {
        return cordon.isPresent() || health.drained();
    }
}
