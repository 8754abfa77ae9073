package dev.scc.cluster;

import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.SegmentPlanner;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.host.Memo;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.TunnelKey;
import dev.scc.vpc.EniFilter;
import dev.scc.vpc.EniPlan;
import dev.scc.vpc.HandedFilter;
import dev.scc.vpc.Tunnel;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import dev.scc.vpc.VpcPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a roster means for the networks of one node: the VPC on the ordinary network, and the segment on the RDMA one. A node
 * without an RDMA device has no part in the segment: nothing could be reached on it. Pure.
 *
 * @param underlay the interface that carries the VPC's packets
 * @param traffic the class of the segment's traffic
 */
public record ClusterNetworks(String underlay, TrafficClass traffic) {
    private static final int ORDINARY_MTU = 1500;

    /** How the mark of ENIs, and of what they share with members, begins; their VPC follows. No cluster is called so. */
    public static final String OWNER = "vpc.";

    private static final Memo<Roster, VpcPlan> PLANS = new Memo<>(ClusterNetworks::plan);

    /** Without classes. */
    public ClusterNetworks(String underlay) {
        this(underlay, TrafficClass.NONE);
    }

    /**
     * All that has to be on the node.
     *
     * @throws IllegalArgumentException if the roster makes no sense for this node
     */
    public NetState wanted(Roster roster, NodeName self, NodeInventory has) {
        return wanted(roster, PLANS.of(roster), self, has);
    }

    private NetState wanted(Roster roster, VpcPlan plan, NodeName self, NodeInventory has) {
        return withSegment(plan.wanted(self, underlay, mtu(has, underlay)), roster, self, has);
    }

    private NetState withSegment(NetState vpc, Roster roster, NodeName self, NodeInventory has) {
        Member member = roster.member(self);
        if (member.rdmaDevice().isEmpty()) {
            return vpc;
        }
        int mtu = segmentMtu(roster, self, member.rdmaNetdev(), has);
        NetState segment = SegmentPlanner.wanted(
                roster.cluster().value(), roster.segment(), member.rdmaAddress(), member.rdmaNetdev(), mtu);
        return vpc.and(segment).and(NetState.of(classes(roster, member)));
    }

    private List<NetObject> classes(Roster roster, Member member) {
        List<NetObject> classes = new ArrayList<>();
        if (!traffic.egress().isEmpty()) {
            classes.add(new NetObject.PriorityMap(roster.segment().link(member.rdmaNetdev()), traffic.egress()));
        }
        traffic.tos().ifPresent(tos -> classes.add(new NetObject.DefaultTos(member.rdmaDevice(), tos)));
        return classes;
    }

    /**
     * All that has to be on the node, with its ENIs. Members of a cluster in a VPC that lives by itself, and its ENIs, know
     * each other; ENIs know everybody in their VPC.
     *
     * @throws IllegalArgumentException if that makes no sense for this node
     */
    public NetState wanted(Optional<Roster> roster, NodeName self, NodeInventory has, Plugged plugged) {
        Map<Vni, List<Plug>> byVpc = new LinkedHashMap<>();
        for (Plug plug : plugged.plugs()) {
            byVpc.computeIfAbsent(plug.vpc().vni(), _ -> new ArrayList<>()).add(plug);
        }
        NetState all = NetState.empty();
        if (roster.isPresent()) {
            Roster serving = roster.get();
            List<Plug> beside =
                    Optional.ofNullable(byVpc.remove(serving.vpc().vni())).orElse(List.of());
            all = beside.isEmpty()
                    ? wanted(serving, self, has, plugged)
                    : withSegment(
                            beside(serving, self, beside, plugged).wanted(underlay, mtu(has, underlay)),
                            serving,
                            self,
                            has);
        }
        for (List<Plug> plugs : byVpc.values()) {
            all = all.and(enis(plugs, plugged).wanted(underlay, mtu(has, underlay)));
        }
        for (Plug plug : plugged.plugs()) {
            Optional<EniFilter> filter = plug.place().isPresent() ? Optional.empty() : plugged.filter(plug);
            if (filter.isPresent()) {
                all = all.and(NetState.of(List.of(filter.get().table())));
            }
        }
        return all.and(tunnels(roster, self, has, plugged));
    }

    /** To all nodes that it meets in encrypted VPCs and that have said their keys; nothing if it is in no such VPC. */
    private NetState tunnels(Optional<Roster> roster, NodeName self, NodeInventory has, Plugged plugged) {
        List<VpcMember> met = new ArrayList<>();
        roster.filter(serving -> serving.vpc().encrypted()).ifPresent(serving -> {
            List<VpcMember> members = members(serving);
            met.addAll(both(members, plugged.enisBeside(serving.vpc(), members)));
        });
        plugged.plugs().stream()
                .map(Plug::vpc)
                .filter(VpcNetwork::encrypted)
                .distinct()
                .forEach(vpc -> met.addAll(plugged.everybody(vpc)));
        // A node is in one place: where it has got another address since, the directory of a VPC knows it, and old
        // rosters do not.
        Map<NodeName, Ipv4> places = new TreeMap<>();
        met.forEach(member -> places.put(member.node(), member.underlay()));
        Optional<Ipv4> own = Optional.ofNullable(places.remove(self));
        if (own.isEmpty()) {
            return NetState.empty();
        }
        Map<Ipv4, TunnelKey> peers = new TreeMap<>();
        places.forEach((node, place) -> Optional.ofNullable(plugged.tunnels().get(node))
                .filter(_ -> !place.equals(own.get()))
                .ifPresent(key -> peers.putIfAbsent(place, key)));
        TunnelKey key = Optional.ofNullable(plugged.tunnels().get(self))
                .orElseThrow(() -> new IllegalArgumentException(
                        "node " + self + " is to be in an encrypted VPC, and can have no tunnels"));
        return NetState.of(Tunnel.wanted(OWNER, key, own.get(), mtu(has, underlay), peers));
    }

    /** @param plugs of one VPC */
    private static EniPlan enis(List<Plug> plugs, Plugged plugged) {
        VpcNetwork vpc = plugs.getFirst().vpc();
        List<VpcMember> everybody = plugged.everybody(vpc);
        return new EniPlan(
                mark(vpc),
                vpc,
                everybody,
                plugs.stream()
                        .filter(plug -> plug.place().isEmpty())
                        .map(plug -> new EniPlan.Own(plug.device(), mark(vpc), plug.address(), everybody))
                        .findFirst(),
                handed(plugs, plugged));
    }

    /** A cluster's member, and ENIs of its node in the same VPC, which know members of other clusters as well. */
    private static EniPlan beside(Roster roster, NodeName self, List<Plug> plugs, Plugged plugged) {
        VpcNetwork vpc = roster.vpc();
        plugs.stream().filter(plug -> plug.place().isEmpty()).findFirst().ifPresent(plug -> {
            throw new IllegalArgumentException(
                    plug.eni() + " of VPC " + vpc.name() + " is in the network namespace of node " + self
                            + ", where its cluster " + roster.cluster() + " has an address of that VPC");
        });
        List<VpcMember> members = members(roster);
        return new EniPlan(
                mark(vpc),
                vpc,
                both(members, plugged.othersBeside(vpc, members)),
                Optional.of(new EniPlan.Own(
                        VpcPlan.OF_CLUSTER,
                        roster.cluster().value(),
                        roster.member(self).vpcAddress(),
                        both(members, plugged.enisBeside(vpc, members)))),
                handed(plugs, plugged));
    }

    private static List<EniPlan.Handed> handed(List<Plug> plugs, Plugged plugged) {
        return plugs.stream()
                .filter(plug -> plug.place().isPresent())
                .map(plug -> new EniPlan.Handed(
                        new HandedFilter(
                                plug.device(), VpcPlan.overlay(plug.vpc()), plug.addresses(), plugged.filter(plug)),
                        plug.ofGuest()))
                .toList();
    }

    private static String mark(VpcNetwork vpc) {
        return OWNER + vpc.name();
    }

    private NetState wanted(Roster roster, NodeName self, NodeInventory has, Plugged plugged) {
        List<VpcMember> enis =
                VpcRecord.standsAlone(roster.vpc()) ? plugged.enisBeside(roster.vpc(), members(roster)) : List.of();
        return enis.isEmpty() ? wanted(roster, self, has) : wanted(roster, plan(roster, enis), self, has);
    }

    /** The members' common one; RDMA devices that disagree lose packets, so there is no smaller one for a single member. */
    private static int segmentMtu(Roster roster, NodeName self, String netdev, NodeInventory has) {
        int carried = mtu(has, netdev);
        int common = roster.segment().mtu().orElse(carried);
        if (carried < common) {
            throw new IllegalArgumentException("MTU " + carried + " of " + netdev + " on node " + self
                    + " is smaller than the " + common + " of the segment of cluster " + roster.cluster());
        }
        return common;
    }

    /** Why these networks must not be built here: the node has to go on reaching something in their place; empty if nothing. */
    public Optional<String> obstacle(Roster roster, NodeInventory has) {
        List<IpNetwork> networks =
                new ArrayList<>(List.of(roster.vpc().cidr(), roster.segment().cidr()));
        roster.vpc().cidr6().ifPresent(networks::add);
        return Obstruction.of(networks, has);
    }

    private static VpcPlan plan(Roster roster) {
        return plan(roster, List.of());
    }

    private static VpcPlan plan(Roster roster, List<VpcMember> enis) {
        String cluster = roster.cluster().value();
        List<VpcMember> known = both(members(roster), enis);
        return VpcRecord.standsAlone(roster.vpc())
                ? VpcPlan.sharing(cluster, mark(roster.vpc()), roster.vpc(), known)
                : VpcPlan.of(cluster, roster.vpc(), known);
    }

    private static List<VpcMember> both(List<VpcMember> members, List<VpcMember> others) {
        return Stream.concat(members.stream(), others.stream()).toList();
    }

    private static List<VpcMember> members(Roster roster) {
        return roster.members().stream().map(member -> member.in(roster.vpc())).toList();
    }

    private static int mtu(NodeInventory has, String netdev) {
        return has.nics().stream()
                .filter(nic -> nic.name().equals(netdev))
                .mapToInt(Nic::mtu)
                .findFirst()
                .orElse(ORDINARY_MTU);
    }
}
