package dev.scc.cluster.agent;

import dev.scc.cluster.Unreached;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.doctor.Preflight;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's inventory, noted together with what the doctor's rules find there, so that who wants the node later need not ask.
 *
 * @param observer that waits for nothing
 * @param netdev the interface that segments are made on
 * @param mesh knows which members of its cluster the node does not reach
 */
public record Checkup(
        InventorySource inventory,
        FactsService.Observer observer,
        NodeName node,
        String netdev,
        Supplier<Optional<Unreached>> mesh)
        implements InventorySource {
    private static final Logger log = LoggerFactory.getLogger(Checkup.class);

    @Override
    public NodeInventory read() throws CommandFailed, IOException {
        return inventory.read();
    }

    @Override
    public Optional<Unreached> unreached() {
        return mesh.get();
    }

    @Override
    public List<Finding> findings(Optional<ServedCluster> served) throws InterruptedException {
        List<Finding> found = List.of();
        try {
            found = Preflight.examine(observer.observe(node, served.flatMap(FactsService::segment)), netdev);
        } catch (CommandFailed e) {
            log.atDebug().addKeyValue("node", node).setCause(e).log("not examined");
        }
        return found;
    }
}
