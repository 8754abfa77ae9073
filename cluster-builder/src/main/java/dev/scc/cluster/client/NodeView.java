package dev.scc.cluster.client;

import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.world.Node;
import java.util.Map;
import java.util.Optional;

/**
 * A node as {@code scc node show} gives it.
 *
 * @param cordon why it gets no cluster; empty while it is in service
 */
public record NodeView(
        NodeSummary node,
        Map<String, String> labels,
        Optional<String> cordon,
        Optional<Inventory> inventory,
        Optional<NodeStatus> status) {
    static NodeView of(Node node) {
        return new NodeView(
                NodeSummary.of(node),
                node.record().value().labels(),
                node.record().value().cordon(),
                node.inventory(),
                node.status());
    }
}
