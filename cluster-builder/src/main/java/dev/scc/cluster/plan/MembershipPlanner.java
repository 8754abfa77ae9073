package dev.scc.cluster.plan;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.NextMembers;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.Unavailable;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Other members for a cluster: the next revision of its roster, in one transaction. Members that stay keep their addresses;
 * one that leaves keeps its addresses from being given to others until it is clean. Pure.
 *
 * @param situation who may still be on the cluster's networks
 * @param roster of the present revision
 * @param refused nodes that are not taken
 */
record MembershipPlanner(
        Situation situation, Held<ClusterRecord> held, Roster roster, long epoch, Set<NodeName> refused) {
    MembershipPlanner(Situation situation, Held<ClusterRecord> held, Roster roster, long epoch) {
        this(situation, held, roster, epoch, Set.of());
    }

    /** Without nodes that have failed in this cluster, before and now. */
    MembershipPlanner refusing(Set<NodeName> before, Set<NodeName> now) {
        Set<NodeName> all = new HashSet<>(before);
        all.addAll(now);
        return new MembershipPlanner(situation, held, roster, epoch, all);
    }

    /** What comes of the wish. */
    sealed interface Plan {
        /**
         * All or nothing of this.
         *
         * @param joining nodes that were no members before
         */
        record Possible(Set<NodeName> joining, List<Change> changes) implements Plan {
            public Possible {
                changes = List.copyOf(changes);
            }
        }

        record Refuse(Refusal reason, String why) implements Plan {}
    }

    /**
     * Plans the change.
     *
     * @param count how many members are wanted
     * @param drop members that are not to stay
     * @param next what the record is to be, given who is on its next roster
     */
    Plan plan(int count, Set<NodeName> drop, Function<NextMembers, ClusterRecord> next) {
        List<Member> staying = roster.members().stream()
                .filter(member -> !drop.contains(member.node()))
                .limit(count)
                .toList();
        Optional<NodeName> hidden = staying.stream()
                .map(Member::node)
                .filter(situation.world()::hides)
                .findFirst();
        if (hidden.isPresent()) {
            return new Plan.Refuse(
                    Refusal.DOES_NOT_FIT,
                    "what the tree says of member " + hidden.get() + " cannot be read; mend that first");
        }
        if (alone().isPresent() && vpc().isEmpty()) {
            return new Plan.Refuse(
                    Refusal.DOES_NOT_FIT,
                    "what the tree says of VPC " + alone().get() + " cannot be read; mend that first");
        }
        int wanted = count - staying.size();
        List<Node> joining = List.of();
        if (wanted > 0) {
            Placement placement = placement(wanted, staying);
            if (placement.chosen().isEmpty()) {
                return new Plan.Refuse(Refusal.NOT_ENOUGH_NODES, placement.explain(wanted));
            }
            joining = placement.chosen();
        }
        List<Member> leaving = leaving(staying);
        List<Member> all = new ArrayList<>(staying);
        try {
            all.addAll(join(
                    joining, Stream.concat(staying.stream(), leaving.stream()).toList()));
        } catch (Unavailable e) {
            return new Plan.Refuse(Refusal.ADDRESSES, String.valueOf(e.getMessage()));
        }
        Set<NodeName> names = new LinkedHashSet<>();
        joining.forEach(node -> names.add(node.name()));
        List<NodeName> order = all.stream().map(Member::node).toList();
        ClusterRecord record = next.apply(new NextMembers(order, names, leaving));
        return new Plan.Possible(names, changes(record, all));
    }

    /** Name of its VPC, if that lives by itself. */
    private Optional<VpcName> alone() {
        return Optional.of(roster.vpc()).filter(VpcRecord::standsAlone).map(network -> new VpcName(network.name()));
    }

    private Optional<Vpc> vpc() {
        return alone().filter(name -> !situation.world().hides(name))
                .flatMap(name -> Optional.ofNullable(situation.world().vpcs().get(name)));
    }

    private Placement placement(int wanted, List<Member> staying) {
        List<Node> present = staying.stream()
                .map(member -> situation.world().nodes().get(member.node()))
                .filter(java.util.Objects::nonNull)
                .toList();
        return Placement.more(
                held.value().spec().withNodes(wanted),
                situation.world().nodes().values(),
                present,
                node -> refused.contains(node.name())
                        ? Optional.of("has failed in this cluster")
                        : NetworkChoice.obstacle(
                                        node,
                                        List.of(
                                                roster.vpc().cidr(),
                                                roster.segment().cidr()))
                                .or(() -> EniKeeping.obstacle(
                                        situation.world(),
                                        node,
                                        roster.vpc(),
                                        roster.segment().cidr()))
                                .or(() -> Encryption.obstacle(node, Optional.of(roster.vpc())))
                                .or(() -> Mtus.obstacle(
                                        node,
                                        Optional.of(roster.vpc()),
                                        roster.segment().mtu()))
                                .or(() -> vpc().flatMap(new Ipv6Overlap(situation.world(), node)::with))
                                .or(() -> Holdings.obstacle(
                                        situation.world(),
                                        vpc(),
                                        node,
                                        Holding.ofCluster(held.value().network()))));
    }

    /** Those who have left before and are not clean yet, and those who leave now. */
    private List<Member> leaving(List<Member> staying) {
        Set<NodeName> stay = new HashSet<>();
        staying.forEach(member -> stay.add(member.node()));
        List<Member> leaving = new ArrayList<>(situation.leaving(held.value()));
        roster.members().stream()
                .filter(member -> !stay.contains(member.node()))
                .forEach(leaving::add);
        return leaving;
    }

    private List<Member> join(List<Node> nodes, List<Member> taken) {
        List<Ip> others = vpc().map(
                        vpc -> vpc.takenBesides(Holding.ofCluster(held.value().network())))
                .orElse(List.of());
        List<Ipv4> vpc = free(roster.vpc().cidr(), nodes.size(), taken, Member::vpcAddress, others);
        List<Ipv4> segment = free(roster.segment().cidr(), nodes.size(), taken, Member::rdmaAddress, List.of());
        List<Member> joining = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            joining.add(CreatePlanner.member(nodes.get(i), vpc.get(i), segment.get(i)));
        }
        return joining;
    }

    private static List<Ipv4> free(
            Cidr cidr, int count, List<Member> taken, Function<Member, Ipv4> address, List<Ip> others) {
        return AddressPlan.hosts(
                cidr,
                count,
                Stream.concat(taken.stream().map(address), others.stream()).toList());
    }

    private List<Change> changes(ClusterRecord record, List<Member> all) {
        ClusterRecord cluster = held.value();
        World world = situation.world();
        List<NodeName> names = record.members();
        int revision = record.revision();
        Roster changed = new Roster(cluster.name(), revision, epoch, roster.vpc(), roster.segment(), all);
        List<Change> changes = new ArrayList<>();
        changes.add(new ClusterChange.Save(held, record));
        changes.add(new ClusterChange.PublishRoster(changed));
        if (revision > 2) {
            changes.add(new ClusterChange.RetireRoster(cluster.name(), revision - 2));
        }
        vpc().map(vpc -> Holdings.of(vpc, changed, cluster.network(), record.leaving()))
                .ifPresent(changes::add);
        Assignment serve = new Assignment.Serve(epoch, cluster.name(), revision, cluster.network());
        for (NodeName name : names) {
            changes.add(assign(world, name, serve));
        }
        Assignment leave = new Assignment.Leave(epoch, cluster.name(), cluster.network());
        for (NodeName name : cluster.members()) {
            if (!names.contains(name) && world.nodes().containsKey(name)) {
                changes.add(assign(world, name, leave));
            }
        }
        return changes;
    }

    private static Change assign(World world, NodeName name, Assignment assignment) {
        Node node = java.util.Objects.requireNonNull(world.nodes().get(name), () -> name + " is not enrolled");
        return new NodeChange.Assign(name, node.assignment().version(), assignment);
    }
}
