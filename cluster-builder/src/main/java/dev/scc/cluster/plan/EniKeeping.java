package dev.scc.cluster.plan;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Attachment;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.PlugChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.plan.RequestPlanner.Answer;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.EniAddresses;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.Unavailable;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Gives nodes ENIs, and takes them away: what the agent then says of them ends the request. Pure. */
record EniKeeping(World world, long at) {

    Answer attach(Request.EniAttach attach, Optional<Principal> owner, String id) {
        Optional<Answer.Refuse> unknown = unknown(attach);
        Node node = world.nodes().get(attach.node());
        Vpc vpc = world.vpcs().get(attach.vpc());
        if (unknown.isPresent() || node == null || vpc == null) {
            return unknown.orElseThrow();
        }
        Optional<Answer.Refuse> objection = objection(attach, node, vpc);
        if (objection.isPresent()) {
            return objection.get();
        }
        NodePlugs plugs = world.plugs(node.name());
        EniId eni = EniId.of(id);
        if (world.plug(eni).isPresent()) {
            return new Answer.Refuse(
                    Refusal.INVALID,
                    "another ENI is " + eni + " already, which follows from the request's id: ask again");
        }
        Plug plug;
        try {
            EniAddresses addresses = new EniChoice(attach, vpc).addresses();
            plug = new Plug(
                    eni,
                    vpc.value().network(),
                    addresses.first(),
                    attach.slot().orElseGet(() -> AddressPlan.number("slot", 1, Plug.LAST_SLOT, slots(plugs))),
                    Plug.Phase.ATTACHING,
                    owner,
                    Optional.of(id),
                    attach.place(),
                    attach.attachment(),
                    addresses.more());
        } catch (Unavailable e) {
            return new Answer.Refuse(Refusal.ADDRESSES, String.valueOf(e.getMessage()));
        }
        Optional<Answer.Refuse> same = sameDevice(node, plug);
        if (same.isPresent()) {
            return same.get();
        }
        Ipv4 underlay = node.record().value().machine().underlay();
        Holding holding = new Holding(
                "ENI " + eni,
                List.of(new VpcMember(node.name(), underlay, plug.address(), plug.more())),
                attach.groups());
        List<Change> changes = new ArrayList<>(List.of(
                new RequestChange.TakeUp(id, new Outcome.InProgress(at)),
                rewire(node.name(), plugs.with(plug)),
                new VpcChange.Hold(vpc.value().name(), eni.value(), Optional.empty(), holding)));
        changes.addAll(GroupKeeping.conditions(world, attach.groups()));
        return new Answer.Commit(changes);
    }

    Answer detach(EniId eni, String id) {
        Optional<NodeName> node = world.placeOf(eni);
        Optional<Plug> plug = node.flatMap(name -> world.plugs(name).of(eni));
        return plug.isPresent()
                ? detach(node.get(), plug.get(), id)
                : new Answer.Refuse(Refusal.UNKNOWN, "there is no ENI " + eni);
    }

    private Answer detach(NodeName node, Plug plug, String id) {
        Optional<String> busy = busy(plug);
        if (busy.isPresent() && plug.phase() != Plug.Phase.ATTACHING) {
            return new Answer.Refuse(Refusal.BUSY, busy.get());
        }
        NodePlugs next = world.plugs(node).with(plug.in(Plug.Phase.DETACHING, Optional.of(id)));
        List<Change> changes = new ArrayList<>();
        changes.add(new RequestChange.TakeUp(id, new Outcome.InProgress(at)));
        changes.add(rewire(node, next));
        plug.request()
                .ifPresent(waiting -> changes.add(
                        EniCare.failed(waiting, at, node, "detach", "another client detached it meanwhile")));
        return new Answer.Commit(changes);
    }

    /** What is being done with an ENI; empty if it rests. */
    static Optional<String> busy(Plug plug) {
        return switch (plug.phase()) {
            case ATTACHED -> Optional.empty();
            case ATTACHING -> Optional.of(plug.eni() + " is being attached");
            case DETACHING -> Optional.of(plug.eni() + " is being detached already");
            case LEAVING, AWAITED, ARRIVING -> Optional.of(plug.eni() + " is being moved");
        };
    }

    Change rewire(NodeName node, NodePlugs next) {
        return new PlugChange.Rewire(
                node, Optional.ofNullable(world.enis().get(node)).map(NodeEnis::plugs), next);
    }

    static Set<Integer> slots(NodePlugs plugs) {
        return plugs.plugs().stream().map(Plug::slot).collect(Collectors.toSet());
    }

    private Optional<Answer.Refuse> unknown(Request.EniAttach attach) {
        if (!world.nodes().containsKey(attach.node())) {
            return refuse(Refusal.UNKNOWN, "there is no node " + attach.node());
        }
        if (world.hides(attach.vpc()) || world.unread().containsKey(Paths.plugs(attach.node()))) {
            return refuse(
                    Refusal.DOES_NOT_FIT,
                    "what the tree says of VPC " + attach.vpc() + ", or of the ENIs of node " + attach.node()
                            + ", cannot be read; mend that first");
        }
        if (world.vpcs().containsKey(attach.vpc())) {
            return Optional.empty();
        }
        boolean own = world.pools().value().networks().values().stream()
                .anyMatch(taken -> taken.vpc().equals(attach.vpc().value()));
        return own
                ? refuse(
                        Refusal.NOT_SUPPORTED,
                        "VPC " + attach.vpc() + " is a cluster's own; ENIs are for those that scc vpc create makes"
                                + " and clusters join with --vpc")
                : refuse(Refusal.UNKNOWN, "there is no VPC " + attach.vpc());
    }

    private Optional<Answer.Refuse> objection(Request.EniAttach attach, Node node, Vpc vpc) {
        return attach.attachment()
                .flatMap(whose -> twice(node, whose))
                .or(() -> objection(node, vpc, attach.place()))
                .or(() -> GroupKeeping.objection(world, vpc.value().name(), attach.groups()))
                .or(() -> new EniChoice(attach, vpc).objection().flatMap(why -> refuse(Refusal.ADDRESSES, why)))
                .or(() -> slot(node, attach.slot()));
    }

    /** Why a node cannot have an ENI in that slot; empty if it can. */
    Optional<Answer.Refuse> slot(Node node, Optional<Integer> wanted) {
        Set<Integer> taken = slots(world.plugs(node.name()));
        if (taken.size() >= Plug.LAST_SLOT) {
            return refuse(
                    Refusal.ADDRESSES,
                    "node " + node.name() + " has " + taken.size()
                            + " ENIs beside that of a cluster, and may have no more");
        }
        return wanted.filter(taken::contains)
                .flatMap(slot -> refuse(Refusal.ADDRESSES, "slot " + slot + " of node " + node.name() + " is taken"));
    }

    /** Why a node cannot have an ENI of that VPC in that place, whichever it is; empty if it can. */
    Optional<Answer.Refuse> objection(Node node, Vpc vpc, Optional<EniPlace> place) {
        if (!node.alive()) {
            return refuse(Refusal.BUSY, "the agent of node " + node.name() + " is gone");
        }
        if (node.inventory().isEmpty()) {
            return refuse(Refusal.BUSY, "node " + node.name() + " has not said yet what it has");
        }
        Optional<String> plain =
                Encryption.obstacle(node, Optional.of(vpc.value().network()));
        if (plain.isPresent()) {
            return refuse(Refusal.NOT_SUPPORTED, "node " + node.name() + " " + plain.get());
        }
        Cidr cidr = vpc.value().cidr();
        Optional<String> why = overlap(node, vpc)
                .or(() -> NetworkChoice.obstacle(node, List.of(cidr)))
                .or(() -> Mtus.obstacle(node, Optional.of(vpc.value().network()), Optional.empty()));
        if (why.isPresent()) {
            return refuse(
                    Refusal.ADDRESSES,
                    "node " + node.name() + " " + why.get() + "; VPC "
                            + vpc.value().name() + " is " + cidr);
        }
        Optional<Ipv4> covered = world.nodes().values().stream()
                .map(other -> other.record().value().machine().underlay())
                .filter(cidr::contains)
                .findFirst();
        if (covered.isPresent()) {
            return refuse(
                    Refusal.ADDRESSES,
                    "VPC " + vpc.value().name() + ", " + cidr + ", covers " + covered.get() + ", a node's address");
        }
        Optional<String> member = place.isPresent() ? Optional.empty() : Holdings.clusterObstacle(vpc, node);
        return member.or(() -> beside(node, vpc, place))
                .flatMap(already -> refuse(Refusal.BUSY, "node " + node.name() + " " + already));
    }

    /** Two addresses of one network in one namespace answer for each other. */
    private Optional<String> beside(Node node, Vpc vpc, Optional<EniPlace> place) {
        return world.plugs(node.name())
                .in(vpc.value().network(), place)
                .map(other -> "has " + other.eni() + " of VPC " + vpc.value().name() + " in "
                        + place.map(EniPlace::text).orElse("its own network namespace")
                        + " already, and may have one there; --netns, --pid or --tap puts another elsewhere");
    }

    /** Two interfaces of one name in one namespace would each take the other away. */
    private Optional<Answer.Refuse> sameDevice(Node node, Plug plug) {
        return world.plugs(node.name()).plugs().stream()
                .filter(other -> plug.namespace().isPresent()
                        && other.namespace().equals(plug.namespace())
                        && other.deviceThere().equals(plug.deviceThere()))
                .findFirst()
                .flatMap(other -> refuse(
                        Refusal.BUSY,
                        other.eni() + " is " + other.deviceThere() + " in "
                                + plug.namespace().orElseThrow().path() + " already"));
    }

    private Optional<Answer.Refuse> twice(Node node, Attachment whose) {
        return world.plugs(node.name()).plugs().stream()
                .filter(plug -> plug.attachment().filter(whose::isSame).isPresent())
                .findFirst()
                .flatMap(plug ->
                        refuse(Refusal.BUSY, "container " + whose + " of node " + node.name() + " has " + plug.eni()));
    }

    /** What is on the node, or may be, and has addresses of the VPC's. */
    private Optional<String> overlap(Node node, Vpc vpc) {
        Cidr cidr = vpc.value().cidr();
        Map<Cidr, String> networks = new LinkedHashMap<>();
        int number = switch (node.assignment().value()) {
            case Assignment.Free _ -> 0;
            case Assignment.Serve serve -> serve.network();
            case Assignment.Leave leave -> leave.network();
        };
        Optional.ofNullable(world.pools().value().networks().get(number)).ifPresent(taken -> {
            if (!taken.vpc().equals(vpc.value().name().value())) {
                networks.put(taken.vpcCidr(), "is in the VPC of cluster " + taken.cluster() + ", " + taken.vpcCidr());
            }
            networks.put(taken.rdmaCidr(), "is in the segment of cluster " + taken.cluster());
        });
        return obstacle(world.plugs(node.name()).besides(vpc.value().network()), List.of(cidr))
                .or(() -> new Ipv6Overlap(world, node).with(vpc))
                .or(() -> networks.entrySet().stream()
                        .filter(other -> other.getKey().overlaps(cidr))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    static Optional<Answer.Refuse> refuse(Refusal reason, String why) {
        return Optional.of(new Answer.Refuse(reason, why));
    }

    /** An ENI of the node that is in the way of these networks of a cluster; empty if none is. Those of its VPC are not. */
    static Optional<String> obstacle(World world, Node node, VpcNetwork vpc, Cidr segment) {
        return obstacle(world.plugs(node.name()).besides(vpc), List.of(vpc.cidr(), segment));
    }

    private static Optional<String> obstacle(List<Plug> plugs, List<Cidr> networks) {
        return plugs.stream()
                .filter(plug -> networks.stream().anyMatch(plug.vpc().cidr()::overlaps))
                .findFirst()
                .map(plug -> "has " + plug.eni() + " in VPC " + plug.vpc().name() + ", "
                        + plug.vpc().cidr());
    }

    /** The address that an ENI has. */
    static Optional<Held<Holding>> holding(World world, Plug plug) {
        return world.vpcs().values().stream()
                .filter(vpc -> vpc.value().vni().equals(plug.vpc().vni()))
                .flatMap(
                        vpc -> Optional.ofNullable(vpc.holdings().get(plug.eni().value())).stream())
                .findFirst();
    }
}
