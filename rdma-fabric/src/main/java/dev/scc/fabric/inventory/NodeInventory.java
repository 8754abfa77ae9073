package dev.scc.fabric.inventory;

import dev.scc.fabric.RdmaDevice;
import java.util.List;

/** What a node has, as its agent reports it. {@code memoryBytes} is all of it, used or not. */
public record NodeInventory(String kernel, int cores, long memoryBytes, List<Nic> nics, List<RdmaDevice> rdmaDevices) {
    public NodeInventory {
        nics = List.copyOf(nics);
        rdmaDevices = List.copyOf(rdmaDevices);
    }
}
