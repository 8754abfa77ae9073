package dev.scc.cluster.controller;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Member;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.List;

/** Turns the wish for a cluster into one transaction, or into a reason why not. Pure. */
final class CreatePlanner {
    private CreatePlanner() {}

    /** What comes of the wish. */
    sealed interface Plan {
        /** All or nothing of this, and the cluster is under way. */
        record Build(Roster roster, List<Op> ops) implements Plan {
            public Build {
                ops = List.copyOf(ops);
            }
        }

        record Refuse(Refusal reason, String why) implements Plan {}
    }

    /**
     * Plans it.
     *
     * @param request id of the client's request
     * @param now in milliseconds since 1970
     */
    static Plan plan(ClusterSpec spec, String request, World world, long epoch, long now) {
        if (world.clusters().containsKey(spec.name())) {
            return new Plan.Refuse(
                    Refusal.NAME_TAKEN, "there is a cluster " + spec.name() + " already; choose another name");
        }
        Placement placement = Placement.of(spec, world.nodes().values());
        if (placement.chosen().isEmpty()) {
            return new Plan.Refuse(shortage(spec, world), placement.explain(spec.nodes()));
        }
        List<Node> nodes = placement.chosen();
        Networks.Choice choice;
        try {
            choice = Networks.choose(spec, world, nodes);
        } catch (IllegalArgumentException e) {
            return new Plan.Refuse(Refusal.ADDRESSES, String.valueOf(e.getMessage()));
        }
        Roster roster = roster(spec, epoch, choice, nodes);
        return new Plan.Build(roster, ops(spec, request, world, roster, choice, nodes, now));
    }

    private static Refusal shortage(ClusterSpec spec, World world) {
        Placement unverified =
                Placement.of(spec.withVerify(Pattern.OFF), world.nodes().values());
        return unverified.chosen().isEmpty() ? Refusal.NOT_ENOUGH_NODES : Refusal.NO_RDMA;
    }

    private static Roster roster(ClusterSpec spec, long epoch, Networks.Choice choice, List<Node> nodes) {
        List<Ipv4> vpc = AddressPlan.hosts(choice.vpcCidr(), nodes.size(), List.of());
        List<Ipv4> segment = AddressPlan.hosts(choice.rdmaCidr(), nodes.size(), List.of());
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            members.add(member(nodes.get(i), vpc.get(i), segment.get(i)));
        }
        return new Roster(
                spec.name(),
                1,
                epoch,
                new VpcNetwork(spec.vpcName(), new Vni(choice.number()), choice.vpcCidr()),
                new Segment(new VlanId(choice.number()), choice.rdmaCidr()),
                members);
    }

    static Member member(Node node, Ipv4 vpcAddress, Ipv4 rdmaAddress) {
        Inventory inventory = node.inventory().orElseThrow();
        return new Member(
                node.name(),
                inventory.underlay(),
                inventory.agent(),
                vpcAddress,
                rdmaAddress,
                inventory.rdmaDevice().map(RdmaDevice::name).orElse(""),
                inventory.rdmaNetdev());
    }

    private static List<Op> ops(
            ClusterSpec spec,
            String request,
            World world,
            Roster roster,
            Networks.Choice choice,
            List<Node> nodes,
            long now) {
        List<NodeName> members = nodes.stream().map(Node::name).toList();
        ClusterRecord record = ClusterRecord.begun(spec, choice.number(), members, now, request);
        Pools.Taken taken = new Pools.Taken(spec.name(), spec.vpcName(), choice.vpcCidr(), choice.rdmaCidr());
        String assignment =
                Json.write(new Assignment.Serve(roster.epoch(), spec.name(), roster.revision(), choice.number()));
        List<Op> ops = new ArrayList<>();
        ops.add(new Op.Create(Paths.outcome(request), Json.write(new Outcome.InProgress(now))));
        ops.add(new Op.Create(Paths.rosters(spec.name()), ""));
        ops.add(new Op.Create(Paths.roster(spec.name(), roster.revision()), Json.write(roster)));
        ops.add(new Op.Create(Paths.cluster(spec.name()), Json.write(record)));
        ops.add(new Op.Set(
                Paths.POOLS,
                Json.write(world.pools().value().with(choice.number(), taken)),
                world.pools().version()));
        for (Node node : nodes) {
            ops.add(new Op.Set(
                    Paths.assign(node.name()), assignment, node.assignment().version()));
        }
        return ops;
    }
}
