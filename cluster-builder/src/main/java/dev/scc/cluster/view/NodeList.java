package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.world.World;
import dev.scc.fabric.RdmaDevice;
import dev.scc.host.NodeName;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** All nodes of the pool, in the order of their numbers. */
public record NodeList(@JsonValue List<Row> nodes) implements PoolView {
    /** n2 before n10. */
    private static final Comparator<Row> BY_NUMBER = Comparator.<Row, String>comparing(
                    row -> row.name().value().replaceAll("[0-9]+$", ""))
            .thenComparingInt(row -> row.name().value().length())
            .thenComparing(Row::name);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeList {
        nodes = List.copyOf(nodes);
    }

    /**
     * One node.
     *
     * @param cluster that it serves or has yet to leave; empty if none
     * @param enis how many elastic network interfaces are plugged in
     * @param outOfService why no cluster is given to it from now on, whatever it serves; empty while it is in service
     */
    public record Row(
            NodeName name, NodeState state, String cluster, List<String> rdmaDevices, int enis, String outOfService) {
        public Row {
            rdmaDevices = List.copyOf(rdmaDevices);
        }

        static Row of(Node node, int plugs) {
            return new Row(
                    node.name(),
                    node.state(),
                    node.cluster().map(ClusterName::value).orElse(""),
                    node.inventory().stream()
                            .flatMap(inventory -> inventory.has().rdmaDevices().stream())
                            .map(RdmaDevice::name)
                            .toList(),
                    plugs + (node.assignment().value() instanceof Assignment.Serve ? 1 : 0),
                    node.outOfService().orElse(""));
        }
    }

    public static NodeList of(Collection<Node> nodes) {
        return new NodeList(
                nodes.stream().map(node -> Row.of(node, 0)).sorted(BY_NUMBER).toList());
    }

    /** With all their ENIs. */
    public static NodeList of(World world) {
        return new NodeList(world.nodes().values().stream()
                .map(node -> Row.of(node, world.plugs(node.name()).plugs().size()))
                .sorted(BY_NUMBER)
                .toList());
    }
}
