package dev.scc.cluster;

import dev.scc.vpc.EniId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All ENIs of a node but that of its cluster, by slots. No two are in the same slot or the same VPC. */
public record NodePlugs(List<Plug> plugs) {
    public static final NodePlugs NONE = new NodePlugs(List.of());

    public NodePlugs {
        plugs = List.copyOf(plugs);
        Set<Object> seen = new HashSet<>();
        for (Plug plug : plugs) {
            if (!seen.add(plug.slot()) || !seen.add(plug.vpc().vni()) || !seen.add(plug.eni())) {
                throw new IllegalArgumentException("plugs: " + plug + " shares its name, slot or VPC with another");
            }
        }
    }

    /** Those that have to be on the node. */
    public List<Plug> wanted() {
        return plugs.stream()
                .filter(plug -> plug.phase() != Plug.Phase.DETACHING)
                .toList();
    }

    public Optional<Plug> of(EniId eni) {
        return plugs.stream().filter(plug -> plug.eni().equals(eni)).findFirst();
    }
}
