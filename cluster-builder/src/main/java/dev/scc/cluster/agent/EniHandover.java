package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Plug;
import dev.scc.host.Mac;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetObject;
import dev.scc.vpc.NamespaceFile;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ENIs of a node that are in network namespaces of others. Their VXLAN devices, forwarding, rules and our ends of their cables
 * are part of the node's networks like all others; only the other end is elsewhere, and goes with ours. Not thread-safe.
 */
final class EniHandover {
    private final Machine machine;

    EniHandover(Machine machine) {
        this.machine = machine;
    }

    /** The slots of those whose namespace is not there, with the reasons. */
    SortedMap<Integer, String> homeless(List<Plug> plugs) throws CommandFailed {
        SortedMap<Integer, String> homeless = new TreeMap<>();
        for (Plug plug : plugs) {
            if (plug.namespace().isPresent()) {
                machine.objection(plug.namespace().get().path()).ifPresent(why -> homeless.put(plug.slot(), why));
            }
        }
        return homeless;
    }

    /**
     * Puts them where they are not yet.
     *
     * @param plugs whose cables are there
     * @return the slots of those that are not in their namespaces afterwards, with the reasons
     */
    SortedMap<Integer, String> hand(List<Plug> plugs) throws CommandFailed {
        SortedMap<Integer, String> homeless = new TreeMap<>();
        if (plugs.stream().noneMatch(plug -> plug.namespace().isPresent())) {
            return homeless;
        }
        var there = machine.observe().objects();
        for (Plug plug : plugs) {
            if (there.get("link:" + plug.device()) instanceof NetObject.Link end
                    && end.kind() instanceof LinkKind.Veth) {
                // The number of a process may be another's by now; a name or a path is what its owner says that it is.
                boolean again = plug.phase() != Plug.Phase.ATTACHED
                        || !plug.namespace().filter(NamespaceFile::isOfProcess).isPresent();
                link(plug, end.mtu())
                        .flatMap(link -> handed(link, again))
                        .ifPresent(why -> homeless.put(plug.slot(), why));
            }
        }
        return homeless;
    }

    private Optional<String> handed(HandedLink link, boolean again) {
        try {
            return machine.handOver(link, again);
        } catch (CommandFailed e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<HandedLink> link(Plug plug, int mtu) {
        return plug.namespace()
                .map(NamespaceFile::path)
                .map(file -> new HandedLink(
                        plug.deviceThere(),
                        plug.device(),
                        ClusterNetworks.OWNER + plug.vpc().name(),
                        Mac.of(plug.address()),
                        mtu,
                        plug.addresses().all().stream()
                                .map(address -> new HandedLink.Placed(
                                        address, plug.vpc().prefixOf(address)))
                                .toList(),
                        file));
    }
}
