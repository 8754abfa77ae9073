package dev.scc.cluster.agent;

import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.host.Ip;
import dev.scc.vpc.EniId;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcMember;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of what programs of a node reach: {@code n2.demo} is node n2 of cluster demo, and {@code eni-5f0c12ab.lab} an ENI in VPC lab,
 * at their addresses in the VPC. Pure.
 *
 * @param here for programs of the node itself
 * @param elsewhere for those in network namespaces that ENIs are handed over to, by what {@code ip netns} calls these
 */
public record KnownNames(SortedMap<String, List<Ip>> here, SortedMap<String, SortedMap<String, List<Ip>>> elsewhere) {
    /** How a cluster's holding says whose it is. */
    private static final String CLUSTER = "cluster ";

    public KnownNames {
        here = Collections.unmodifiableSortedMap(new TreeMap<>(here));
        elsewhere = Collections.unmodifiableSortedMap(new TreeMap<>(elsewhere));
    }

    /** @param serving the roster of the node's cluster, if its networks are there */
    static KnownNames of(Optional<Roster> serving, Plugged plugged) {
        SortedMap<String, List<Ip>> here = new TreeMap<>();
        SortedMap<String, SortedMap<String, List<Ip>>> elsewhere = new TreeMap<>();
        for (Plug plug : plugged.plugs()) {
            SortedMap<String, List<Ip>> all = inVpc(plug.vpc().name(), plugged, true);
            if (plug.place().isEmpty()) {
                here.putAll(all);
            } else if (plug.attachment().isEmpty()) {
                plug.namespace()
                        .flatMap(NamespaceFile::name)
                        .ifPresent(name -> elsewhere
                                .computeIfAbsent(name, _ -> new TreeMap<>())
                                .putAll(all));
            }
        }
        serving.ifPresent(roster -> {
            if (VpcRecord.standsAlone(roster.vpc())) {
                here.putAll(inVpc(roster.vpc().name(), plugged, false));
            }
            for (Member member : roster.members()) {
                here.put(
                        member.node() + "." + roster.cluster(),
                        member.in(roster.vpc()).addresses().all());
            }
        });
        return new KnownNames(here, elsewhere);
    }

    /** @param clusters whether members of clusters are reached, or ENIs alone */
    private static SortedMap<String, List<Ip>> inVpc(String vpc, Plugged plugged, boolean clusters) {
        SortedMap<String, List<Ip>> names = new TreeMap<>();
        for (Map.Entry<String, Holding> each : plugged.directory()
                .getOrDefault(vpc, Collections.emptyNavigableMap())
                .entrySet()) {
            Holding holding = each.getValue();
            for (VpcMember member : holding.members()) {
                if (each.getKey().startsWith(EniId.PREFIX)) {
                    names.put(each.getKey() + "." + vpc, member.addresses().all());
                } else if (clusters && holding.who().startsWith(CLUSTER)) {
                    names.put(
                            member.node() + "." + holding.who().substring(CLUSTER.length()),
                            member.addresses().all());
                }
            }
        }
        return names;
    }
}
