package dev.scc.cluster.client;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.RdmaDevice;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * A line of {@code scc node list}.
 *
 * @param cluster that it serves or has yet to leave
 * @param enis how many elastic network interfaces are plugged in
 * @param outOfService why no cluster is given to it from now on, whatever it serves; empty while it is in service
 */
public record NodeSummary(
        NodeName name,
        NodeState state,
        Optional<ClusterName> cluster,
        List<String> rdmaDevices,
        int enis,
        Optional<String> outOfService) {
    public NodeSummary {
        rdmaDevices = List.copyOf(rdmaDevices);
    }

    static NodeSummary of(Node node) {
        List<String> devices = node.inventory().stream()
                .flatMap(inventory -> inventory.has().rdmaDevices().stream())
                .map(RdmaDevice::name)
                .toList();
        int enis = node.assignment().value() instanceof Assignment.Serve ? 1 : 0;
        return new NodeSummary(node.name(), node.state(), node.cluster(), devices, enis, node.outOfService());
    }
}
