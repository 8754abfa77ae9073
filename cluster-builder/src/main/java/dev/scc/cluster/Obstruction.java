package dev.scc.cluster;

import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.IpNetwork;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where networks of a cluster would stand in the way of what a node has to go on reaching: networks that it is on, its
 * routes, its servers, its name servers. Once a more specific route leads into the cluster, none of that is reached. Pure.
 */
public final class Obstruction {
    private Obstruction() {}

    /** What the node has to go on reaching, each network with words such as {@code 10.99.0.11/24 on eth0}. */
    public static Map<IpNetwork, String> needed(NodeInventory has) {
        Map<IpNetwork, String> needed = new LinkedHashMap<>();
        for (Nic nic : has.nics()) {
            for (String address : nic.addresses()) {
                needed.putIfAbsent(Nic.network(address), address + " on " + nic.name());
            }
        }
        has.allNeeds().forEach(need -> needed.putIfAbsent(need.network(), need.words()));
        return needed;
    }

    /** What of that one of these networks meets, in words; empty if none does. */
    public static Optional<String> of(Collection<? extends IpNetwork> networks, NodeInventory has) {
        return needed(has).entrySet().stream()
                .flatMap(needed -> networks.stream()
                        .filter(needed.getKey()::overlaps)
                        .map(network -> needed.getValue() + ", which " + network + " overlaps"))
                .findFirst();
    }
}
