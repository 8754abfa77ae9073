package dev.scc.cluster;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import dev.scc.vpc.EniFilter;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.SecurityGroup;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an agent knows of ENIs: those that have to be on its node, and who is where in the VPCs that its node is in.
 *
 * @param directory holdings by the names of their entries, by the names of VPCs
 * @param groups security groups that its ENIs are in
 * @param tunnels keys of its own and of others' ends of tunnels; none if it is in no encrypted VPC
 */
public record Plugged(
        List<Plug> plugs,
        Map<String, NavigableMap<String, Holding>> directory,
        Map<GroupName, SecurityGroup> groups,
        Map<NodeName, TunnelKey> tunnels) {
    public static final Plugged NONE = new Plugged(List.of(), Map.of(), Map.of());

    /** Of a node that is in no encrypted VPC. */
    public Plugged(
            List<Plug> plugs,
            Map<String, NavigableMap<String, Holding>> directory,
            Map<GroupName, SecurityGroup> groups) {
        this(plugs, directory, groups, Map.of());
    }

    public Plugged {
        tunnels = Collections.unmodifiableMap(new TreeMap<>(tunnels));
        plugs = List.copyOf(plugs);
        groups = Collections.unmodifiableMap(new TreeMap<>(groups));
        directory = Collections.unmodifiableMap(new TreeMap<>(directory));
    }

    /** Without those in these slots. */
    public Plugged without(Set<Integer> slots) {
        return slots.isEmpty()
                ? this
                : new Plugged(
                        plugs.stream()
                                .filter(plug -> !slots.contains(plug.slot()))
                                .toList(),
                        directory,
                        groups,
                        tunnels);
    }

    /** The same with these keys. */
    public Plugged with(Map<NodeName, TunnelKey> keys) {
        return new Plugged(plugs, directory, groups, keys);
    }

    /** Whether members of a cluster in an encrypted VPC have not said their keys yet. */
    public boolean lacksKeysOf(Roster roster) {
        return roster.vpc().encrypted()
                && roster.members().stream().anyMatch(member -> !tunnels.containsKey(member.node()));
    }

    /** Everybody in a VPC. */
    List<VpcMember> everybody(VpcNetwork vpc) {
        return holdings(vpc).values().stream()
                .flatMap(holding -> holding.members().stream())
                .toList();
    }

    /** The ENIs in a VPC, without those that would contradict who is there already. */
    List<VpcMember> enisBeside(VpcNetwork vpc, List<VpcMember> members) {
        return beside(vpc, members, true);
    }

    /** Members of other clusters in it as well. */
    List<VpcMember> othersBeside(VpcNetwork vpc, List<VpcMember> members) {
        return beside(vpc, members, false);
    }

    private List<VpcMember> beside(VpcNetwork vpc, List<VpcMember> members, boolean enisOnly) {
        Set<Ip> known = new HashSet<>();
        Map<Ipv4, NodeName> underlays = new HashMap<>();
        members.forEach(member -> {
            known.addAll(member.addresses().all());
            underlays.put(member.underlay(), member.node());
        });
        List<VpcMember> others = new ArrayList<>();
        holdings(vpc).forEach((entry, holding) -> {
            if (!enisOnly || entry.startsWith(EniId.PREFIX)) {
                holding.members().stream()
                        .filter(member -> member.addresses().all().stream().noneMatch(known::contains)
                                && underlays
                                        .getOrDefault(member.underlay(), member.node())
                                        .equals(member.node()))
                        .forEach(others::add);
            }
        });
        return others;
    }

    /** The groups that those ENIs are in. */
    public static Set<GroupName> groupsOf(List<Plug> plugs, Map<String, NavigableMap<String, Holding>> directory) {
        Set<GroupName> groups = new TreeSet<>();
        plugs.forEach(plug -> holding(plug, directory).ifPresent(holding -> groups.addAll(holding.groups())));
        return groups;
    }

    private static Optional<Holding> holding(Plug plug, Map<String, NavigableMap<String, Holding>> directory) {
        return Optional.ofNullable(directory.get(plug.vpc().name()))
                .map(holdings -> holdings.get(plug.eni().value()));
    }

    /** The filter of an ENI; empty if it is in no group. Of a group that is not known, nothing is allowed. */
    Optional<EniFilter> filter(Plug plug) {
        List<SecurityGroup> its = holding(plug, directory).map(Holding::groups).orElse(List.of()).stream()
                .map(name -> groups.getOrDefault(name, new SecurityGroup(name, List.of())))
                .toList();
        return its.isEmpty() ? Optional.empty() : Optional.of(new EniFilter(plug.device(), its, addresses(plug.vpc())));
    }

    /** Of the ENIs in each group of a VPC. */
    private Map<GroupName, Set<Ip>> addresses(VpcNetwork vpc) {
        Map<GroupName, Set<Ip>> addresses = new TreeMap<>();
        holdings(vpc)
                .values()
                .forEach(holding -> holding.groups()
                        .forEach(group -> addresses
                                .computeIfAbsent(group, _ -> new TreeSet<>())
                                .addAll(holding.addresses())));
        return addresses;
    }

    private NavigableMap<String, Holding> holdings(VpcNetwork vpc) {
        return directory.getOrDefault(vpc.name(), Collections.emptyNavigableMap());
    }
}
