package dev.scc.cli.view;

import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One node: its state, and what its agent reports.
 *
 * @param cordon why an operator has taken it out of service; empty otherwise
 * @param outOfService why it gets no cluster from now on, whoever has said so, or cannot get clean; empty while it is in service
 * @param health how often it has failed of late, and whether that takes it out of service; empty if never
 * @param phases what the agent spent its time on when it last followed an assignment
 */
public record NodeView(
        String name,
        String state,
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
        List<PhaseTime> phases)
        implements View {
    public NodeView {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        nics = List.copyOf(nics);
        rdmaDevices = List.copyOf(rdmaDevices);
        phases = List.copyOf(phases);
    }
}
