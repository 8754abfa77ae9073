package dev.scc.cluster.agent;

import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;

/** Where an agent learns what its node has. */
@FunctionalInterface
public interface InventorySource {
    NodeInventory read() throws CommandFailed, IOException;
}
