package dev.scc.cluster.view;

import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.inventory.Nic;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One node: its state, and what its agent reports.
 *
 * @param cordon why an operator has taken it out of service; empty otherwise
 * @param outOfService why it gets no cluster from now on, whoever has said so, or cannot get clean; empty while it is in service
 * @param health how often it has failed of late, and whether that takes it out of service; empty if never
 * @param traffic the class of its segments' traffic; empty of an agent that does not say it
 * @param phases what the agent spent its time on when it last followed an assignment
 * @param unchecked why its RDMA device could not be checked when it was in a cluster last; empty if it was, or is in one
 */
public record NodeView(
        NodeName name,
        NodeState state,
        String cluster,
        String cordon,
        String outOfService,
        String health,
        Map<String, String> labels,
        String underlay,
        String kernel,
        int cores,
        long memoryBytes,
        int enis,
        List<Nic> nics,
        List<RdmaDevice> rdmaDevices,
        List<PhaseTime> phases,
        @Later Optional<TrafficClass> traffic,
        @Later Optional<String> unchecked)
        implements PoolView {
    public NodeView {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        nics = List.copyOf(nics);
        rdmaDevices = List.copyOf(rdmaDevices);
        phases = List.copyOf(phases);
    }

    /** @param now in milliseconds since 1970 */
    public static NodeView of(Node node, long now) {
        return of(node, 0, now);
    }

    /** @param plugs how many ENIs it has beside that of its cluster */
    public static NodeView of(Node node, int plugs, long now) {
        NodeList.Row row = NodeList.Row.of(node, plugs);
        return new NodeView(
                row.name(),
                row.state(),
                row.cluster(),
                node.record().value().cordon().orElse(""),
                row.outOfService(),
                node.record().value().health().words(now),
                node.record().value().labels(),
                node.record().value().machine().underlay().toString(),
                node.inventory().map(has -> has.has().kernel()).orElse(""),
                node.inventory().map(has -> has.has().cores()).orElse(0),
                node.inventory().map(has -> has.has().memoryBytes()).orElse(0L),
                row.enis(),
                node.inventory().map(has -> has.has().nics()).orElse(List.of()),
                node.inventory().map(has -> has.has().rdmaDevices()).orElse(List.of()),
                node.status().map(NodeStatus::phases).orElse(List.of()),
                node.inventory().flatMap(has -> has.has().traffic()),
                node.unchecked());
    }
}
