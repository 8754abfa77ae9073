package dev.scc.cluster.client;

import dev.scc.cluster.Health;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.world.Node;
import java.util.Map;
import java.util.Optional;

/**
 * A node as {@code scc node show} gives it.
 *
 * @param cordon why an operator has taken it out of service; empty otherwise
 * @param health how often it has failed of late
 */
public record NodeView(
        NodeSummary node,
        Map<String, String> labels,
        Optional<String> cordon,
        Health health,
        Optional<Inventory> inventory,
        Optional<NodeStatus> status) {
    static NodeView of(Node node) {
        return new NodeView(
                NodeSummary.of(node),
                node.record().value().labels(),
                node.record().value().cordon(),
                node.record().value().health(),
                node.inventory(),
                node.status());
    }
}
