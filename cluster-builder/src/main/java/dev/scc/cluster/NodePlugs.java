package dev.scc.cluster;

import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.VpcNetwork;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All ENIs of a node but that of its cluster, by slots. No two are in the same slot, and no two of one VPC in the same network
 * namespace.
 */
public record NodePlugs(List<Plug> plugs) {
    public static final NodePlugs NONE = new NodePlugs(List.of());

    public NodePlugs {
        plugs = List.copyOf(plugs);
        Set<Object> seen = new HashSet<>();
        for (Plug plug : plugs) {
            if (!seen.add(plug.slot())
                    || !seen.add(List.of(plug.vpc().vni(), plug.ofGuest() ? plug.device() : plug.place()))
                    || !seen.add(plug.eni())) {
                throw new IllegalArgumentException(
                        "plugs: " + plug + " shares its name or slot, or its VPC and network namespace, with another");
            }
        }
    }

    /** Those that have to be on the node. */
    public List<Plug> wanted() {
        return plugs.stream().filter(plug -> plug.phase().wanted()).toList();
    }

    /** With this one, in place of what they have of the same ENI. */
    public NodePlugs with(Plug plug) {
        return new NodePlugs(Stream.concat(without(plug.eni()).plugs().stream(), Stream.of(plug))
                .sorted(Comparator.comparingInt(Plug::slot))
                .toList());
    }

    public NodePlugs without(EniId eni) {
        return new NodePlugs(
                plugs.stream().filter(plug -> !plug.eni().equals(eni)).toList());
    }

    /** The one of a VPC in that place, whatever becomes of it; empty if there is none. Guests may have several. */
    public Optional<Plug> in(VpcNetwork vpc, Optional<EniPlace> place) {
        return plugs.stream()
                .filter(plug -> plug.vpc().vni().equals(vpc.vni())
                        && !plug.ofGuest()
                        && plug.place().equals(place))
                .findFirst();
    }

    /** Those of other VPCs. */
    public List<Plug> besides(VpcNetwork vpc) {
        return plugs.stream()
                .filter(plug -> !plug.vpc().vni().equals(vpc.vni()))
                .toList();
    }

    public Optional<Plug> of(EniId eni) {
        return plugs.stream().filter(plug -> plug.eni().equals(eni)).findFirst();
    }
}
