package dev.scc.cluster.plan;

import dev.scc.cluster.Failure;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plug.Phase;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.plan.RequestPlanner.Answer;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Has ENIs on other nodes, with their addresses and groups. Pure. An address is never at two: the second node is told to build
 * its part only after the first has said that nothing of it is left there. Each step is one transaction about both.
 *
 * <pre>
 * from     to
 * Attached                begun: Leaving, Awaited
 * Leaving  Awaited        gone from the first: Awaited, Arriving
 *                         cannot go, or either node is lost: Attached, nothing
 * Awaited  Arriving       there: nothing, Attached
 *                         cannot be there, or the node is lost: Awaited, Leaving (for nobody)
 * Awaited  Leaving        gone from the second: Attached, nothing
 * </pre>
 */
record EniMoving(World world, long at) {

    Answer move(Request.EniMove move, String id) {
        EniKeeping keeping = new EniKeeping(world, at);
        Optional<NodeName> from = world.placeOf(move.eni());
        Optional<Plug> there = from.flatMap(name -> world.plugs(name).of(move.eni()));
        Node target = world.nodes().get(move.node());
        if (there.isEmpty() || target == null) {
            return new Answer.Refuse(
                    Refusal.UNKNOWN,
                    there.isEmpty() ? "there is no ENI " + move.eni() : "there is no node " + move.node());
        }
        Plug plug = there.get();
        Vpc vpc = world.vpcs().get(name(plug));
        if (vpc == null || world.hides(name(plug)) || world.hidesEnis()) {
            return new Answer.Refuse(
                    Refusal.DOES_NOT_FIT,
                    "what the tree says of VPC " + plug.vpc().name()
                            + ", or of the ENIs of a node, cannot be read; mend that" + " first");
        }
        return objection(plug, from.get(), target, vpc, move.place(), keeping)
                .or(() -> keeping.slot(target, move.slot()))
                .<Answer>map(refusal -> refusal)
                .orElseGet(() -> begin(plug, from.get(), move, id));
    }

    private Optional<Answer.Refuse> objection(
            Plug plug, NodeName from, Node target, Vpc vpc, Optional<EniPlace> place, EniKeeping keeping) {
        if (from.equals(target.name())) {
            return EniKeeping.refuse(Refusal.INVALID, plug.eni() + " is on node " + from + " already");
        }
        if (plug.attachment().isPresent()) {
            return EniKeeping.refuse(
                    Refusal.NOT_SUPPORTED,
                    plug.eni() + " is container " + plug.attachment().get()
                            + "'s, and goes where its runtime starts it");
        }
        Optional<String> busy = EniKeeping.busy(plug);
        if (busy.isPresent()) {
            return EniKeeping.refuse(Refusal.BUSY, busy.get());
        }
        boolean reachable =
                Optional.ofNullable(world.nodes().get(from)).filter(Node::alive).isPresent();
        if (!reachable) {
            return EniKeeping.refuse(
                    Refusal.BUSY,
                    "the agent of node " + from + ", where " + plug.eni()
                            + " is, is gone, and nobody else can say that "
                            + plug.addresses()
                            + " is not there any more; wait until it is back, or, if the node is off for good,"
                            + " scc node remove " + from + " --gone and attach another with that address");
        }
        return keeping.objection(target, vpc, place);
    }

    private Answer begin(Plug plug, NodeName from, Request.EniMove move, String id) {
        NodeName to = move.node();
        Set<Integer> taken = EniKeeping.slots(world.plugs(to));
        int slot = move.slot()
                .or(() -> Optional.of(plug.slot()).filter(same -> !taken.contains(same)))
                .orElseGet(() -> AddressPlan.number("slot", 1, Plug.LAST_SLOT, taken));
        return new Answer.Commit(List.of(
                new RequestChange.TakeUp(id, new Outcome.InProgress(at)),
                save(from, world.plugs(from).with(plug.in(Phase.LEAVING, Optional.of(id)))),
                save(to, world.plugs(to).with(plug.awaitedIn(slot, move.place())))));
    }

    /** The next step of one that its node has nothing of any more; empty if there is nobody that it could go to. */
    Optional<List<Change>> left(NodeName from, Plug plug) {
        Optional<NodeName> to = world.awaits(plug.eni());
        Optional<Held<Holding>> holding = EniKeeping.holding(world, plug);
        Node target = to.map(world.nodes()::get).orElse(null);
        if (target == null || holding.isEmpty()) {
            return Optional.empty();
        }
        List<Change> changes = new ArrayList<>();
        Plug next = awaiting(target.name(), plug);
        if (plug.request().isPresent()) {
            changes.add(save(from, world.plugs(from).with(plug.awaitedIn(plug.slot(), plug.place()))));
            next = next.in(Phase.ARRIVING, plug.request());
        } else {
            changes.add(save(from, world.plugs(from).without(plug.eni())));
            next = next.in(Phase.ATTACHED, Optional.empty());
        }
        changes.add(save(target.name(), world.plugs(target.name()).with(next)));
        changes.add(new VpcChange.Hold(
                name(plug),
                plug.eni().value(),
                holding,
                holding.get()
                        .value()
                        .movedTo(
                                target.name(), target.record().value().machine().underlay())));
        return Optional.of(changes);
    }

    /** It stays where it is. */
    List<Change> stays(NodeName from, Plug plug, NodeName where, String step, String why) {
        List<Change> changes = new ArrayList<>();
        changes.add(save(from, world.plugs(from).with(plug.in(Phase.ATTACHED, Optional.empty()))));
        release(plug).ifPresent(changes::add);
        plug.request().ifPresent(id -> changes.add(failed(id, plug, where, step, why, "it stays on node " + from)));
        return changes;
    }

    /** It is where it was to be. */
    List<Change> arrived(NodeName to, Plug plug) {
        List<Change> changes = new ArrayList<>();
        changes.add(save(to, world.plugs(to).with(plug.in(Phase.ATTACHED, Optional.empty()))));
        release(plug).ifPresent(changes::add);
        plug.request().ifPresent(id -> changes.add(new RequestChange.Answer(id, new Outcome.Done(at, List.of()))));
        return changes;
    }

    /** It goes back where it came from, or, if that node is not there any more, is detached. */
    List<Change> back(NodeName to, Plug plug, String step, String why) {
        Optional<NodeName> origin = world.awaits(plug.eni());
        Phase phase = origin.isPresent() ? Phase.LEAVING : Phase.DETACHING;
        List<Change> changes = new ArrayList<>();
        changes.add(save(to, world.plugs(to).with(plug.in(phase, Optional.empty()))));
        String then = origin.map(node -> "it goes back to node " + node).orElse("it is detached")
                + " as soon as nothing of it is left on node " + to;
        plug.request().ifPresent(id -> changes.add(failed(id, plug, to, step, why, then)));
        return changes;
    }

    /** The slot that another node keeps for it is free. */
    private Optional<Change> release(Plug plug) {
        return world.awaits(plug.eni()).map(node -> save(node, world.plugs(node).without(plug.eni())));
    }

    private Plug awaiting(NodeName node, Plug plug) {
        return world.plugs(node).of(plug.eni()).orElseThrow();
    }

    private Change save(NodeName node, NodePlugs next) {
        return new EniKeeping(world, at).rewire(node, next);
    }

    private Change failed(String request, Plug plug, NodeName where, String step, String why, String then) {
        Failure failure = Failure.of("eni move " + plug.eni(), why)
                .at(where, new Failure.OfNode(step))
                .ending(then, "scc eni show " + plug.eni() + " tells where it is", List.of());
        return new RequestChange.Answer(request, new Outcome.Failed(at, failure));
    }

    private static VpcName name(Plug plug) {
        return new VpcName(plug.vpc().name());
    }
}
