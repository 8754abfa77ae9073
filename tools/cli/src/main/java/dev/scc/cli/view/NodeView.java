package dev.scc.cli.view;

import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import java.util.List;

/** One node: its state, and what its agent reports. */
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
        List<RdmaDevice> rdmaDevices)
        implements View {
    public NodeView {
        nics = List.copyOf(nics);
        rdmaDevices = List.copyOf(rdmaDevices);
    }
}
