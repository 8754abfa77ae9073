package dev.scc.cluster;

import dev.scc.vpc.EniId;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an agent knows of ENIs: those that have to be on its node, and who is where in the VPCs that its node is in.
 *
 * @param directory holdings by the names of their entries, by the names of VPCs
 */
public record Plugged(List<Plug> plugs, Map<String, NavigableMap<String, Holding>> directory) {
    public static final Plugged NONE = new Plugged(List.of(), Map.of());

    public Plugged {
        plugs = List.copyOf(plugs);
        directory = Collections.unmodifiableMap(new TreeMap<>(directory));
    }

    /** Everybody in a VPC. */
    List<VpcMember> everybody(VpcNetwork vpc) {
        return holdings(vpc).values().stream()
                .flatMap(holding -> holding.members().stream())
                .toList();
    }

    /** The ENIs in a VPC, without those that would contradict who is there already. */
    List<VpcMember> enisBeside(VpcNetwork vpc, List<VpcMember> members) {
        Set<Object> known = new HashSet<>();
        members.forEach(member -> known.addAll(List.of(member.node(), member.address(), member.underlay())));
        List<VpcMember> enis = new ArrayList<>();
        holdings(vpc).forEach((entry, holding) -> {
            if (entry.startsWith(EniId.PREFIX)) {
                holding.members().stream()
                        .filter(member -> Collections.disjoint(
                                known, List.of(member.node(), member.address(), member.underlay())))
                        .forEach(enis::add);
            }
        });
        return enis;
    }

    private NavigableMap<String, Holding> holdings(VpcNetwork vpc) {
        return directory.getOrDefault(vpc.name(), Collections.emptyNavigableMap());
    }
}
