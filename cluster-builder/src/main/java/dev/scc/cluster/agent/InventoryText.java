package dev.scc.cluster.agent;

import dev.scc.cluster.Inventory;
import dev.scc.cluster.TreeEntry;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an inventory is written. Of a node that has more than an entry may hold, first what nobody decides by is left out: GIDs,
 * then needs and interfaces from the end. An agent refuses by itself what would take the place of what it needs.
 */
final class InventoryText {
    private static final Logger log = LoggerFactory.getLogger(InventoryText.class);
    private static final int FEW = 8;

    private InventoryText() {}

    /** @param underlay the node's address on the ordinary network */
    static String of(Inventory inventory, Ipv4 underlay) {
        String text = Json.write(inventory);
        if (fits(text)) {
            return text;
        }
        NodeInventory all = inventory.has();
        List<RdmaDevice> devices = all.rdmaDevices().stream()
                .map(device ->
                        new RdmaDevice(device.name(), device.netdev(), device.portState(), device.mtu(), List.of()))
                .sorted(Comparator.comparing(device -> !device.netdev().equals(inventory.rdmaNetdev())))
                .toList();
        List<Nic> important = all.nics().stream()
                .sorted(Comparator.comparing(nic -> !nic.name().equals(inventory.rdmaNetdev())
                        && !inventory.nicOf(underlay).equals(Optional.of(nic))))
                .toList();
        int nics = important.size();
        List<Need> needed = all.allNeeds();
        int needs = needed.size();
        while (true) {
            text = Json.write(with(
                    inventory,
                    new NodeInventory(
                            all.kernel(),
                            all.cores(),
                            all.memoryBytes(),
                            important.subList(0, nics),
                            devices,
                            needed.subList(0, needs),
                            List.of(),
                            all.traffic(),
                            all.tunnels())));
            if (fits(text)) {
                log.atDebug()
                        .addKeyValue("node", inventory.node())
                        .addKeyValue("interfaces", nics + " of " + all.nics().size())
                        .addKeyValue("needs", needs + " of " + needed.size())
                        .log("not all that the node has is reported");
                return text;
            }
            if (needs > FEW) {
                needs -= Math.max(1, needs / FEW);
            } else if (nics > FEW) {
                nics -= Math.max(1, nics / FEW);
            } else if (devices.size() > FEW) {
                devices = devices.subList(0, FEW);
            } else {
                throw new IllegalStateException("what " + inventory.node() + " has fits no entry: " + text.length());
            }
        }
    }

    private static Inventory with(Inventory inventory, NodeInventory has) {
        return new Inventory(
                inventory.node(),
                inventory.rdmaNetdev(),
                inventory.version(),
                has,
                inventory.repaired(),
                inventory.findings().stream().limit(1).toList(),
                inventory.unreached());
    }

    private static boolean fits(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= TreeEntry.INVENTORY.largest();
    }
}
