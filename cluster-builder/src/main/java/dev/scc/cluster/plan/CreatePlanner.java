package dev.scc.cluster.plan;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Member;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.NumberChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.Unavailable;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns the wish for a cluster into one transaction, or into a reason why not. Pure. */
final class CreatePlanner {
    private CreatePlanner() {}

    /** What comes of the wish. */
    sealed interface Plan {
        /** All or nothing of this, and the cluster is under way. */
        record Build(Roster roster, List<Change> changes) implements Plan {
            public Build {
                changes = List.copyOf(changes);
            }
        }

        record Refuse(Refusal reason, String why) implements Plan {}
    }

    /**
     * Plans it.
     *
     * @param owner who asks for it
     * @param request id of the client's request
     * @param now in milliseconds since 1970
     */
    static Plan plan(ClusterSpec spec, Optional<Principal> owner, String request, World world, long epoch, long now) {
        if (world.clusters().containsKey(spec.name())) {
            return new Plan.Refuse(
                    Refusal.NAME_TAKEN, "there is a cluster " + spec.name() + " already; choose another name");
        }
        if (world.hides(spec.name())) {
            return new Plan.Refuse(
                    Refusal.DOES_NOT_FIT,
                    "there is an entry of a cluster " + spec.name() + " that cannot be read; choose another name");
        }
        return plan(spec, owner, request, world, epoch, now, Set.of());
    }

    /** @param unreachable nodes on which this cluster's networks would take the place of what they have to reach */
    private static Plan plan(
            ClusterSpec spec,
            Optional<Principal> owner,
            String request,
            World world,
            long epoch,
            long now,
            Set<NodeName> unreachable) {
        Placement placement = placement(spec, world, unreachable);
        if (placement.chosen().isEmpty()) {
            return new Plan.Refuse(shortage(spec, world), placement.explain(spec.nodes()));
        }
        List<Node> nodes = placement.chosen();
        NetworkChoice choice;
        try {
            choice = NetworkChoice.of(spec, world, nodes);
        } catch (Unavailable e) {
            Plan refused = new Plan.Refuse(Refusal.ADDRESSES, String.valueOf(e.getMessage()));
            Set<NodeName> inTheWay = inTheWay(spec, world, nodes);
            if (inTheWay.isEmpty()) {
                return refused;
            }
            // What one node needs must not keep all others from being a cluster.
            inTheWay.addAll(unreachable);
            return plan(spec, owner, request, world, epoch, now, inTheWay) instanceof Plan.Build build
                    ? build
                    : refused;
        }
        Optional<Vpc> joined = NetworkChoice.joined(spec, world);
        Roster roster;
        try {
            roster = roster(spec, joined, epoch, choice, nodes);
        } catch (Unavailable e) {
            return new Plan.Refuse(Refusal.ADDRESSES, "VPC " + spec.vpcName() + ": " + e.getMessage());
        }
        List<Change> changes = changes(spec, owner, request, world, roster, choice, nodes, now);
        return new Plan.Build(roster, changes);
    }

    /** Those of the chosen ones for whom alone there are no networks, while there are some for a cluster of nobody. */
    private static Set<NodeName> inTheWay(ClusterSpec spec, World world, List<Node> chosen) {
        return NetworkChoice.possible(spec, world, List.of())
                ? chosen.stream()
                        .filter(node -> !NetworkChoice.possible(spec, world, List.of(node)))
                        .map(Node::name)
                        .collect(Collectors.toCollection(HashSet::new))
                : Set.of();
    }

    /** Which nodes it would get. */
    static Placement placement(ClusterSpec spec, World world) {
        return placement(spec, world, Set.of());
    }

    private static Placement placement(ClusterSpec spec, World world, Set<NodeName> unreachable) {
        Function<Node, Optional<String>> odd = Mtus.oddOnes(world.nodes().values());
        Optional<Vpc> joined = NetworkChoice.joined(spec, world);
        Optional<VpcNetwork> network = joined.map(vpc -> vpc.value().network());
        return Placement.more(
                spec,
                world.nodes().values(),
                List.of(),
                node -> unreachable.contains(node.name())
                        ? Optional.of("has to reach what the cluster's networks would take the place of")
                        : odd.apply(node)
                                .or(() -> Encryption.obstacle(node, network))
                                .or(() -> Mtus.obstacle(node, network, Optional.empty()))
                                .or(() -> joined.flatMap(new Ipv6Overlap(world, node)::with))
                                .or(() -> Holdings.obstacle(world, joined, node, "")));
    }

    private static Refusal shortage(ClusterSpec spec, World world) {
        Placement unverified = placement(spec.withVerify(Pattern.OFF), world);
        return unverified.chosen().isEmpty() ? Refusal.NOT_ENOUGH_NODES : Refusal.NO_RDMA;
    }

    private static Roster roster(
            ClusterSpec spec, Optional<Vpc> joined, long epoch, NetworkChoice choice, List<Node> nodes) {
        List<Ipv4> vpc = AddressPlan.hosts(
                choice.vpcCidr(), nodes.size(), joined.map(Vpc::taken).orElse(List.of()));
        List<Ipv4> segment = AddressPlan.hosts(choice.rdmaCidr(), nodes.size(), List.of());
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            members.add(member(nodes.get(i), vpc.get(i), segment.get(i)));
        }
        return new Roster(
                spec.name(),
                1,
                epoch,
                joined.map(there -> there.value().network())
                        .orElseGet(() -> new VpcNetwork(
                                spec.vpcName(),
                                new Vni(choice.number()),
                                choice.vpcCidr(),
                                Optional.of(Mtus.vpc(nodes, false)))),
                new Segment(new VlanId(choice.number()), choice.rdmaCidr(), Mtus.segment(nodes)),
                members);
    }

    static Member member(Node node, Ipv4 vpcAddress, Ipv4 rdmaAddress) {
        Inventory inventory = node.inventory().orElseThrow();
        Alive machine = node.record().value().machine();
        return new Member(
                node.name(),
                machine.underlay(),
                machine.agent().orElse(""),
                vpcAddress,
                rdmaAddress,
                inventory.rdmaDevice().map(RdmaDevice::name).orElse(""),
                inventory.rdmaNetdev());
    }

    private static List<Change> changes(
            ClusterSpec spec,
            Optional<Principal> owner,
            String request,
            World world,
            Roster roster,
            NetworkChoice choice,
            List<Node> nodes,
            long now) {
        List<NodeName> members = nodes.stream().map(Node::name).toList();
        ClusterRecord.Creating record = ClusterRecord.begun(owner, spec, choice.number(), members, now, request);
        Pools.Taken taken = new Pools.Taken(spec.name(), spec.vpcName(), choice.vpcCidr(), choice.rdmaCidr());
        Assignment serve = new Assignment.Serve(roster.epoch(), spec.name(), roster.revision(), choice.number());
        List<Change> changes = new ArrayList<>();
        changes.add(new RequestChange.TakeUp(request, new Outcome.InProgress(now)));
        changes.add(new ClusterChange.PublishRoster(roster));
        changes.add(new ClusterChange.Begin(record));
        changes.add(new NumberChange.Take(world.pools(), choice.number(), taken));
        NetworkChoice.joined(spec, world)
                .map(vpc -> Holdings.of(vpc, roster, choice.number(), List.of()))
                .ifPresent(changes::add);
        for (Node node : nodes) {
            changes.add(new NodeChange.Assign(node.name(), node.assignment().version(), serve));
        }
        return changes;
    }
}
