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

    /** What goes with the node. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Plug plug : world.plugs(node).plugs()) {
            EniKeeping.holding(world, plug)
                    .ifPresent(held -> changes.add(new VpcChange.Release(
                            new VpcName(plug.vpc().name()), plug.eni().value(), held)));
            plug.request().ifPresent(id -> changes.add(answer(plug, id)));
        }
        Optional<NodeEnis> known = Optional.ofNullable(world.enis().get(node));
        known.ifPresent(enis -> changes.add(
                new PlugChange.Forget(node, enis.plugs(), enis.said().isPresent())));
        return changes;
    }

    private Change answer(Plug plug, String request) {
        return plug.phase() == Plug.Phase.DETACHING
                ? new RequestChange.Answer(request, new Outcome.Done(at, List.of()))
                : EniCare.failed(request, at, node, "agent", "the node was taken out of the pool meanwhile");
    }

    /** What is free for others afterwards. */
    List<String> freed() {
        return world.plugs(node).plugs().stream().map(EniLoss::words).toList();
    }

    private static String words(Plug plug) {
        return plug.eni() + ", " + plug.address() + " of VPC " + plug.vpc().name();
    }
}
