package dev.scc.cli.view;

import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import java.util.List;

/**
 * One node: its state, and what its agent reports.
 *
 * @param phases what the agent spent its time on when it last followed an assignment
 */
public record NodeView(
        String name,
        String state,
        String cluster,
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
        nics = List.copyOf(nics);
        rdmaDevices = List.copyOf(rdmaDevices);
        phases = List.copyOf(phases);
    }
}
