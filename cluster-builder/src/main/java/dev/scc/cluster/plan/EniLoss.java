package dev.scc.cluster.plan;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
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
import java.util.Optional;
import java.util.stream.Collectors;

/** What becomes of the ENIs of a node that is taken out of the pool: they are detached, and their addresses are free. Pure. */
record EniLoss(World world, NodeName node, long at) {

    /**
     * Why the node has to stay; empty if no ENI is in the way.
     *
     * @param gone somebody vouches that the node bears no address any more
     */
    Optional<String> objection(boolean gone) {
        List<Plug> plugs = world.plugs(node).plugs();
        boolean unreadable = world.unread().containsKey(Paths.plugs(node))
                || plugs.stream()
                        .anyMatch(plug -> world.hides(new VpcName(plug.vpc().name())));
        if (unreadable) {
            return Optional.of("what the tree says of the ENIs of node " + node + " cannot be read; mend that first");
        }
        return plugs.isEmpty() || gone
                ? Optional.empty()
                : Optional.of("node " + node + " has not proved that it bears "
                        + plugs.stream().map(EniLoss::words).collect(Collectors.joining("; "))
                        + " no longer, and the address is not given to others before; if the node is off for good, or wiped, say"
                        + " so with --gone, and all of them are detached");
    }

    /**
     * What goes with the node. One that moves goes on where the node is not needed for it: what it has not proved is vouched
     * for.
     */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Plug plug : world.plugs(node).plugs()) {
            changes.addAll(
                    switch (plug.phase()) {
                        case ATTACHING, ATTACHED, DETACHING -> detach(plug);
                        case LEAVING -> elsewhere(moving().left(node, plug).orElseGet(() -> detach(plug)));
                        case ARRIVING -> arriving(plug);
                        case AWAITED -> awaited(plug);
                    });
        }
        Optional<NodeEnis> known = Optional.ofNullable(world.enis().get(node));
        known.ifPresent(enis -> changes.add(
                new PlugChange.Forget(node, enis.plugs(), enis.said().isPresent())));
        return changes;
    }

    private List<Change> detach(Plug plug) {
        List<Change> changes = new ArrayList<>();
        EniKeeping.holding(world, plug)
                .ifPresent(held -> changes.add(new VpcChange.Release(
                        new VpcName(plug.vpc().name()), plug.eni().value(), held)));
        plug.request().ifPresent(id -> changes.add(answer(plug, id)));
        return changes;
    }

    /** It is where it came from again. */
    private List<Change> arriving(Plug plug) {
        Plug back = plug.in(Plug.Phase.LEAVING, Optional.empty());
        List<Change> changes =
                new ArrayList<>(elsewhere(moving().left(node, back).orElseGet(() -> detach(back))));
        plug.request().ifPresent(id -> changes.add(answer(plug, id)));
        return changes;
    }

    /** It stays where it is; if it was on its way back from there, it is detached. */
    private List<Change> awaited(Plug plug) {
        Optional<NodeName> there = world.placeOf(plug.eni());
        Optional<Plug> its = there.flatMap(name -> world.plugs(name).of(plug.eni()));
        if (its.filter(other -> other.phase() == Plug.Phase.LEAVING).isEmpty()) {
            return List.of();
        }
        Plug.Phase next = its.get().request().isPresent() ? Plug.Phase.ATTACHED : Plug.Phase.DETACHING;
        List<Change> changes = new ArrayList<>();
        changes.add(new EniKeeping(world, at)
                .rewire(there.get(), world.plugs(there.get()).with(its.get().in(next, Optional.empty()))));
        its.get().request().ifPresent(id -> changes.add(answer(plug, id)));
        return changes;
    }

    /** Without what would become of this node's own entry. */
    private List<Change> elsewhere(List<Change> changes) {
        return changes.stream()
                .filter(change ->
                        !(change instanceof PlugChange plugs && plugs.node().equals(node)))
                .toList();
    }

    private EniMoving moving() {
        return new EniMoving(world, at);
    }

    private Change answer(Plug plug, String request) {
        return plug.phase() == Plug.Phase.DETACHING
                ? new RequestChange.Answer(request, new Outcome.Done(at, List.of()))
                : EniCare.failed(request, at, node, "agent", "the node was taken out of the pool meanwhile");
    }

    /** What is free for others afterwards. */
    List<String> freed() {
        return world.plugs(node).plugs().stream()
                .filter(plug -> world.awaits(plug.eni()).isEmpty())
                .map(EniLoss::words)
                .toList();
    }

    private static String words(Plug plug) {
        return plug.eni() + ", " + plug.addresses() + " of VPC " + plug.vpc().name();
    }
}
