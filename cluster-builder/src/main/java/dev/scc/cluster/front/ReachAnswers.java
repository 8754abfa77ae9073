package dev.scc.cluster.front;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Ip;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule.Direction;
import dev.scc.vpc.Reach;
import dev.scc.vpc.SecurityGroup;
import dev.scc.vpc.Traffic;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Says whether and why one end may begin something with another, from the same rules that their nodes follow. Pure.
 *
 * @param rosters of clusters with VPCs of their own that the ends may be in
 */
record ReachAnswers(World world, List<Roster> rosters) {

    /**
     * An address that somebody has in a VPC.
     *
     * @param entry of whoever has it: an ENI's name, or the entry of a cluster
     * @param who such as {@code cluster demo}
     */
    private record Place(String vpc, String entry, String who, NodeName node, Ip address, List<GroupName> groups) {

        /** Whether both are addresses of the same ENI or member. */
        boolean isOf(Place other) {
            return vpc.equals(other.vpc) && entry.equals(other.entry) && node.equals(other.node);
        }

        boolean isEni() {
            return entry.startsWith(EniId.PREFIX);
        }

        boolean called(String name) {
            return entry.equals(name)
                    || parsed(name).filter(address::equals).isPresent()
                    || node.value().equals(name);
        }

        String words() {
            return (isEni() ? entry : who) + " (" + address + " on " + node + ")";
        }
    }

    /** The clusters whose own VPC one of the ends may be in: their rosters say who is where. */
    static List<ClusterName> clusters(World world, String a, String b) {
        return world.clusters().values().stream()
                .map(Held::value)
                .filter(cluster -> mayHave(world, cluster, a) || mayHave(world, cluster, b))
                .filter(cluster ->
                        !world.vpcs().containsKey(new VpcName(cluster.spec().vpcName())))
                .map(ClusterRecord::name)
                .toList();
    }

    private static boolean mayHave(World world, ClusterRecord cluster, String end) {
        return cluster.members().stream().anyMatch(node -> node.value().equals(end))
                || Optional.ofNullable(world.pools().value().networks().get(cluster.network()))
                        .filter(taken ->
                                parsed(end).filter(taken.vpcCidr()::contains).isPresent())
                        .isPresent();
    }

    private static Optional<Ip> parsed(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether {@code a} may begin that with {@code b}.
     *
     * @param a an ENI, a node or an address
     * @param vpc in which; empty for the first that has both
     * @throws RpcFailed if there is no such end, or it is not said exactly what is begun
     */
    ReachView explain(String a, String b, Traffic what, Optional<String> vpc) throws RpcFailed {
        boolean exact = what.ports()
                .map(ports -> ports.first() == ports.last())
                .orElse(what.protocol() == Traffic.Protocol.ICMP || what.protocol() == Traffic.Protocol.ICMPV6);
        if (!exact) {
            throw invalid("\"" + what + "\" does not say exactly what is begun; tcp/22, udp/53, icmp and icmpv6 do");
        }
        List<Place> from = places(a, vpc);
        List<Place> to = places(b, vpc);
        for (Place one : from) {
            for (Place other : to) {
                if (one.vpc().equals(other.vpc())
                        && !one.isOf(other)
                        && one.address().like(other.address())
                        && what.protocol().fits(one.address())) {
                    return explain(one, other, what);
                }
            }
        }
        if (from.getFirst().isOf(to.getFirst())) {
            throw invalid(a + " and " + b + " are the same");
        }
        if (from.stream()
                .anyMatch(one -> to.stream().anyMatch(other -> one.vpc().equals(other.vpc())))) {
            throw invalid(a + " and " + b + " are in one VPC, and have no addresses there of one version of IP that "
                    + what + " is of");
        }
        return dropped(
                from.getFirst(),
                to.getFirst(),
                what,
                "",
                a + " is in VPC " + vpcs(from) + ", and " + b + " in " + vpcs(to) + ": no VPC has both");
    }

    private static String vpcs(List<Place> places) {
        return places.stream().map(Place::vpc).distinct().collect(Collectors.joining(", "));
    }

    private List<Place> places(String name, Optional<String> vpc) throws RpcFailed {
        List<Place> found = everywhere().stream()
                .filter(place -> place.called(name))
                .filter(place ->
                        vpc.filter(wanted -> !wanted.equals(place.vpc())).isEmpty())
                // A node is first of all what its own programs send with.
                .sorted(Comparator.comparing(this::isHandedOver))
                .toList();
        if (found.isEmpty()) {
            throw invalid(name + " is no ENI, node or address in "
                    + vpc.map(known -> "VPC " + known).orElse("a VPC")
                    + "; scc vpc show and scc eni list show which there are");
        }
        return found;
    }

    private boolean isHandedOver(Place place) {
        return place.isEni()
                && world.plug(new EniId(place.entry())).flatMap(Plug::place).isPresent();
    }

    private List<Place> everywhere() {
        List<Place> all = new ArrayList<>();
        for (Vpc vpc : world.vpcs().values()) {
            vpc.holdings().forEach((entry, held) -> add(all, vpc.value().name().value(), entry, held.value()));
        }
        for (Roster roster : rosters) {
            Holding holding = Holding.of(roster.cluster(), roster.vpc(), roster.members(), List.of());
            add(all, roster.vpc().name(), "cluster", holding);
        }
        return all;
    }

    private static void add(List<Place> all, String vpc, String entry, Holding holding) {
        holding.members()
                .forEach(member -> member.addresses()
                        .all()
                        .forEach(address -> all.add(
                                new Place(vpc, entry, holding.who(), member.node(), address, holding.groups()))));
    }

    private ReachView explain(Place from, Place to, Traffic what) {
        if (!from.isEni() && !to.isEni()) {
            return from.entry().equals(to.entry())
                    ? view(from, to, what, Reach.of(end(from), end(to), what, Map.of()))
                    : dropped(
                            from,
                            to,
                            what,
                            from.vpc(),
                            from.who() + " and " + to.who() + " are different clusters: their members do not know each"
                                    + " other, though they are in one VPC");
        }
        return view(from, to, what, Reach.of(end(from), end(to), what, members()));
    }

    private Reach.End end(Place place) {
        return new Reach.End(
                place.words(),
                place.address(),
                place.groups().stream()
                        .map(name -> record(name).map(GroupRecord::group).orElse(new SecurityGroup(name, List.of())))
                        .toList());
    }

    private Optional<GroupRecord> record(GroupName name) {
        return Optional.ofNullable(world.groups().get(name)).map(Held::value);
    }

    /** A group is of one VPC, and so are all that are in it. */
    private Map<GroupName, Set<Ip>> members() {
        Map<GroupName, Set<Ip>> members = new TreeMap<>();
        everywhere()
                .forEach(place -> place.groups()
                        .forEach(group -> members.computeIfAbsent(group, _ -> new TreeSet<>())
                                .add(place.address())));
        return members;
    }

    private ReachView view(Place from, Place to, Traffic what, Reach reach) {
        List<GroupName> groups = reach.decider()
                .map(decider -> List.of(decider.group()))
                .orElse(reach.direction() == Direction.OUT ? from.groups() : to.groups());
        return new ReachView(
                from.words(),
                to.words(),
                what.toString(),
                from.vpc(),
                reach.allowed(),
                reach.direction().word(),
                reach.decider().map(decider -> decider.rule().toString()).orElse(""),
                reach.decider().map(Reach.Decider::number).orElse(0),
                groups.stream().map(GroupName::value).collect(Collectors.joining(", ")),
                groups.stream()
                        .flatMap(name -> record(name).flatMap(GroupRecord::owner).stream())
                        .map(Principal::toString)
                        .distinct()
                        .collect(Collectors.joining(", ")),
                reach.why());
    }

    private static ReachView dropped(Place from, Place to, Traffic what, String vpc, String why) {
        return new ReachView(
                from.words(), to.words(), what.toString(), vpc, false, Direction.OUT.word(), "", 0, "", "", why);
    }

    private static RpcFailed invalid(String why) {
        return new RpcFailed(RpcFailed.Kind.INVALID, why);
    }
}
