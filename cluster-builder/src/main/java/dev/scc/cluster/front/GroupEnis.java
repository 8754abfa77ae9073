package dev.scc.cluster.front;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Plug;
import dev.scc.cluster.agent.DropsRpc;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Ip;
import dev.scc.host.NodeName;
import dev.scc.host.net.FilterCounts;
import dev.scc.vpc.DropCause;
import dev.scc.vpc.EniFilter;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.GroupRule.Direction;
import dev.scc.vpc.HandedFilter;
import dev.scc.vpc.Reach;
import dev.scc.vpc.SecurityGroup;
import dev.scc.vpc.Traffic;
import dev.scc.vpc.VpcPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The ENIs in a security group, and what the filters on their nodes say of it, summed. Pure.
 *
 * @param enis where they are
 * @param members addresses of the ENIs in each group of the VPC
 */
record GroupEnis(World world, GroupRecord group, List<Place> enis, Map<GroupName, Set<Ip>> members) {
    /** That are shown at most. */
    static final int MOST_LATEST = 100;

    /** An ENI on its node. */
    record Place(NodeName node, Plug plug, List<GroupName> groups) {
        String filter() {
            return plug.place().isPresent() ? HandedFilter.tableOf(plug.device()) : EniFilter.tableOf(plug.device());
        }

        List<String> tables() {
            return List.of(filter(), VpcPlan.shieldOf(plug.vpc()));
        }

        String words() {
            return plug.eni() + " (" + plug.addresses() + " on " + node + ")";
        }
    }

    static GroupEnis of(World world, GroupRecord group) {
        Map<String, Holding> holdings = new TreeMap<>();
        Optional.ofNullable(world.vpcs().get(group.vpc()))
                .map(Vpc::holdings)
                .ifPresent(all -> all.forEach((entry, held) -> holdings.put(entry, held.value())));
        Map<GroupName, Set<Ip>> members = new TreeMap<>();
        holdings.values()
                .forEach(holding -> holding.groups()
                        .forEach(name -> members.computeIfAbsent(name, _ -> new TreeSet<>())
                                .addAll(holding.addresses())));
        List<Place> enis = new ArrayList<>();
        world.enis()
                .forEach((node, its) -> its.plugs().value().wanted().stream()
                        .forEach(plug -> Optional.ofNullable(
                                        holdings.get(plug.eni().value()))
                                .filter(holding -> holding.groups().contains(group.name()))
                                .ifPresent(holding -> enis.add(new Place(node, plug, holding.groups())))));
        return new GroupEnis(world, group, enis, members);
    }

    /** The tables of nftables that have to do with it, by nodes. */
    Map<NodeName, List<String>> tables() {
        Map<NodeName, List<String>> tables = new TreeMap<>();
        enis.forEach(eni ->
                tables.computeIfAbsent(eni.node(), _ -> new ArrayList<>()).addAll(eni.tables()));
        return tables;
    }

    /**
     * What they say.
     *
     * @param counters whether it is asked what rules let through
     * @param drops whether it is asked what was dropped last
     */
    GroupPackets packets(DropsSearch.Found found, boolean counters, boolean drops) {
        List<GroupPackets.Drop> latest = drops ? latest(found) : List.of();
        boolean more = latest.size() > MOST_LATEST
                || enis.stream()
                        .anyMatch(eni -> Optional.ofNullable(found.counted().get(eni.node()))
                                .filter(counted -> eni.tables().stream()
                                        .anyMatch(table -> counted.of(table).more()))
                                .isPresent());
        return new GroupPackets(
                group.name().value(),
                group.vpc().value(),
                counters ? rules(found) : List.of(),
                causes(found),
                latest.subList(0, Math.min(MOST_LATEST, latest.size())),
                drops && more,
                found.unread());
    }

    private List<GroupPackets.Rule> rules(DropsSearch.Found found) {
        List<GroupPackets.Rule> rules = new ArrayList<>();
        for (GroupRule rule : group.rules()) {
            String name = EniFilter.counterOf(group.name(), rule);
            FilterCounts.Count sum = FilterCounts.Count.NONE;
            for (Place eni : enis) {
                sum = sum.plus(counted(found, eni, eni.filter()).of(name));
            }
            rules.add(new GroupPackets.Rule(
                    rules.size() + 1,
                    rule.direction().word(),
                    rule.traffic().toString(),
                    rule.peer().toString(),
                    sum.packets(),
                    sum.bytes()));
        }
        return rules;
    }

    private List<GroupPackets.Cause> causes(DropsSearch.Found found) {
        List<GroupPackets.Cause> causes = new ArrayList<>();
        for (DropCause cause : DropCause.values()) {
            FilterCounts.Count sum = FilterCounts.Count.NONE;
            for (Place eni : enis) {
                for (String table : eni.tables()) {
                    sum = sum.plus(counted(found, eni, table).of(cause.counter()));
                }
            }
            causes.add(new GroupPackets.Cause(
                    cause.word(), cause.direction().word(), cause.why(), sum.packets(), sum.bytes()));
        }
        return causes;
    }

    private static FilterCounts counted(DropsSearch.Found found, Place eni, String table) {
        return Optional.ofNullable(found.counted().get(eni.node()))
                .map(counted -> counted.of(table))
                .orElse(FilterCounts.NONE);
    }

    private List<GroupPackets.Drop> latest(DropsSearch.Found found) {
        List<GroupPackets.Drop> latest = new ArrayList<>();
        for (Place eni : enis) {
            DropsRpc.Counted counted = found.counted().getOrDefault(eni.node(), new DropsRpc.Counted(Map.of(), 0));
            for (String table : eni.tables()) {
                for (FilterCounts.Noted noted : counted.of(table).latest()) {
                    DropCause.ofSet(noted.set())
                            .ifPresent(cause -> latest.add(drop(eni, cause, noted, counted.at() - noted.age())));
                }
            }
        }
        latest.sort(Comparator.comparing((GroupPackets.Drop drop) -> Instant.parse(drop.at()))
                .reversed());
        return latest;
    }

    private GroupPackets.Drop drop(Place eni, DropCause cause, FilterCounts.Noted noted, long at) {
        Dropped what = new Dropped(noted.protocol(), noted.ports().map(FilterCounts.Ports::to));
        return new GroupPackets.Drop(
                Instant.ofEpochMilli(at).toString(),
                eni.node(),
                eni.plug().eni().value(),
                eni.groups().stream().map(GroupName::value).toList(),
                cause.word(),
                cause.direction().word(),
                noted.from().toString(),
                noted.ports().map(FilterCounts.Ports::from).orElse(0),
                noted.to().toString(),
                noted.ports().map(FilterCounts.Ports::to).orElse(0),
                what.words(),
                noted.count().packets(),
                noted.count().bytes(),
                cause.ofRules() ? why(eni, cause.direction(), what, noted) : cause.why());
    }

    /** In the words of {@link Reach}, from the rules as they are now: they may have changed since. */
    private String why(Place eni, Direction way, Dropped what, FilterCounts.Noted noted) {
        Ip other = way == Direction.OUT ? noted.to() : noted.from();
        Reach.End end = new Reach.End(
                eni.words(),
                eni.plug().address(),
                eni.groups().stream()
                        .map(name -> Optional.ofNullable(world.groups().get(name))
                                .map(Held::value)
                                .map(GroupRecord::group)
                                .orElse(new SecurityGroup(name, List.of())))
                        .toList());
        return what.traffic()
                .flatMap(traffic -> Reach.decider(end, way, traffic, other, members))
                .map(decider -> "an answer to nothing that is known, or dropped before " + decider.words())
                .orElseGet(() -> Reach.noRule(end, way, what.words(), other));
    }

    /**
     * What a packet was.
     *
     * @param port of its destination; empty if it has none
     */
    private record Dropped(int protocol, Optional<Integer> port) {
        private static final int ICMP = 1;
        private static final int TCP = 6;
        private static final int UDP = 17;
        private static final int ICMPV6 = 58;

        String words() {
            return switch (protocol) {
                case ICMP -> "icmp";
                case ICMPV6 -> "icmpv6";
                case TCP -> "tcp" + port.map(number -> "/" + number).orElse("");
                case UDP -> "udp" + port.map(number -> "/" + number).orElse("");
                default -> "protocol " + protocol;
            };
        }

        /** Empty if no rule can name it. */
        Optional<Traffic> traffic() {
            boolean named = protocol == ICMP
                    || protocol == ICMPV6
                    || ((protocol == TCP || protocol == UDP) && port.orElse(0) > 0);
            return named ? Optional.of(Traffic.parse(words())) : Optional.empty();
        }
    }
}
