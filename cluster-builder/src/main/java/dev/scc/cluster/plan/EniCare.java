package dev.scc.cluster.plan;

import dev.scc.cluster.Failure;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.PlugChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of ENIs once their agents have answered: one that is there is attached, one that is gone is forgotten and its
 * address free, one that cannot be attached is taken back. Pure.
 *
 * <pre>
 * Attaching -> Attached -> Detaching (gone)
 * Attaching, and the agent has failed or is lost: Detaching (gone)
 * </pre>
 *
 * What becomes of those that move is in {@link EniMoving}.
 */
public record EniCare(Situation situation) {

    /** The next changes; none if all agents have still to answer, or there is nothing to do. */
    public NodeCare.Care next() {
        for (Map.Entry<NodeName, NodeEnis> node : situation.world().enis().entrySet()) {
            Optional<List<Change>> move = move(node.getKey(), node.getValue());
            if (move.isPresent()) {
                return new NodeCare.Care(move.get(), List.of());
            }
        }
        for (Map.Entry<NodeName, NodeEnis> node : situation.world().enis().entrySet()) {
            List<Change> changes = of(node.getKey(), node.getValue());
            if (!changes.isEmpty()) {
                return new NodeCare.Care(changes, List.of());
            }
        }
        return new NodeCare.Care(List.of(), List.of());
    }

    /** The next step of an ENI of the node that is on its way; empty if none can go on. */
    private Optional<List<Change>> move(NodeName node, NodeEnis enis) {
        if (situation.world().hidesEnis()) {
            return Optional.empty();
        }
        for (Plug plug : enis.plugs().value().plugs()) {
            Optional<PlugStatus.Fault> fault = fault(node, enis, plug);
            boolean done = enis.answer().isPresent() && fault.isEmpty();
            Optional<List<Change>> next = switch (plug.phase()) {
                case LEAVING -> leaving(node, plug, done, fault);
                case ARRIVING -> arriving(node, plug, done, fault);
                case ATTACHING, ATTACHED, DETACHING, AWAITED -> Optional.empty();
            };
            if (next.isPresent()) {
                return next;
            }
        }
        return Optional.empty();
    }

    private Optional<List<Change>> leaving(NodeName node, Plug plug, boolean done, Optional<PlugStatus.Fault> fault) {
        World world = situation.world();
        if (done) {
            return world.hides(new VpcName(plug.vpc().name())) ? Optional.empty() : moving().left(node, plug);
        }
        if (plug.request().isEmpty()) {
            return Optional.empty();
        }
        Optional<NodeName> to = world.awaits(plug.eni()).filter(situation::lost);
        return fault.map(why -> moving().stays(node, plug, node, why.step(), why.why()))
                .or(() -> to.map(lost -> moving().stays(node, plug, lost, "agent", "the node is lost")));
    }

    private Optional<List<Change>> arriving(NodeName node, Plug plug, boolean done, Optional<PlugStatus.Fault> fault) {
        return done
                ? Optional.of(moving().arrived(node, plug))
                : fault.map(why -> moving().back(node, plug, why.step(), why.why()));
    }

    private EniMoving moving() {
        return new EniMoving(situation.world(), at());
    }

    /** Why one is not as wanted; empty if it is, or its agent has still to answer. */
    private Optional<PlugStatus.Fault> fault(NodeName node, NodeEnis enis, Plug plug) {
        return enis.answer()
                .flatMap(status -> status.failed()
                        .or(() -> plug.phase().wanted() ? status.homeless(plug.slot()) : Optional.empty()))
                .or(() -> enis.answer().isPresent() ? Optional.empty() : lost(node));
    }

    private List<Change> of(NodeName node, NodeEnis enis) {
        List<Change> changes = new ArrayList<>();
        List<Plug> next = new ArrayList<>();
        for (Plug plug : enis.plugs().value().plugs()) {
            Optional<PlugStatus.Fault> fault = fault(node, enis, plug);
            boolean done = enis.answer().isPresent() && fault.isEmpty();
            switch (plug.phase()) {
                case ATTACHED, LEAVING, AWAITED, ARRIVING -> next.add(plug);
                case ATTACHING -> next.add(attaching(node, plug, done, fault, changes));
                case DETACHING -> detaching(node, plug, done, fault, changes).ifPresent(next::add);
            }
        }
        if (!next.equals(enis.plugs().value().plugs())) {
            changes.add(new PlugChange.Rewire(node, Optional.of(enis.plugs()), new NodePlugs(next)));
        }
        return changes;
    }

    private Plug attaching(
            NodeName node, Plug plug, boolean done, Optional<PlugStatus.Fault> fault, List<Change> changes) {
        if (done) {
            plug.request().ifPresent(id -> changes.add(done(id, List.of())));
            return plug.in(Plug.Phase.ATTACHED, Optional.empty());
        }
        if (fault.isEmpty()) {
            return plug;
        }
        plug.request()
                .ifPresent(id -> changes.add(
                        failed(id, at(), node, fault.get().step(), fault.get().why())));
        return plug.in(Plug.Phase.DETACHING, Optional.empty());
    }

    private Optional<Plug> detaching(
            NodeName node, Plug plug, boolean done, Optional<PlugStatus.Fault> fault, List<Change> changes) {
        World world = situation.world();
        VpcName vpc = new VpcName(plug.vpc().name());
        if (done && !world.hides(vpc)) {
            EniKeeping.holding(world, plug)
                    .ifPresent(held ->
                            changes.add(new VpcChange.Release(vpc, plug.eni().value(), held)));
            plug.request().ifPresent(id -> changes.add(done(id, List.of())));
            return Optional.empty();
        }
        if (fault.isPresent() && plug.request().isPresent()) {
            String left = node + ": " + plug.eni() + " (" + fault.get().why() + ")";
            changes.add(done(plug.request().get(), List.of(left)));
            return Optional.of(plug.in(Plug.Phase.DETACHING, Optional.empty()));
        }
        return Optional.of(plug);
    }

    private Change done(String request, List<String> left) {
        return new RequestChange.Answer(request, new Outcome.Done(at(), left));
    }

    private Optional<PlugStatus.Fault> lost(NodeName node) {
        return situation.lost(node) ? Optional.of(new PlugStatus.Fault("agent", "the node is lost")) : Optional.empty();
    }

    static Change failed(String request, long at, NodeName node, String step, String why) {
        Failure failure = Failure.of("eni attach " + node, why)
                .at(node, new Failure.OfNode(step))
                .ending("it is taken back", "", List.of());
        return new RequestChange.Answer(request, new Outcome.Failed(at, failure));
    }

    private long at() {
        return situation.now().toEpochMilli();
    }
}
