package dev.scc.cluster.agent;

import dev.scc.cluster.Unreached;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where an agent learns what its node has. */
@FunctionalInterface
public interface InventorySource {
    NodeInventory read() throws CommandFailed, IOException;

    /**
     * What the doctor's rules find there, errors first; nothing where nobody looks.
     *
     * @param served by the node now
     */
    default List<Finding> findings(Optional<ServedCluster> served) throws InterruptedException {
        return List.of();
    }

    /** Which members of its cluster the node does not reach over RDMA; empty where nobody looks, or nothing has ever been lost. */
    default Optional<Unreached> unreached() {
        return Optional.empty();
    }
}
