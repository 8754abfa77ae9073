package dev.scc.cluster.plan;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.leftover.Leftover;
import dev.scc.cluster.leftover.Leftovers;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.plan.RequestPlanner.Answer;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes from the tree what belongs to nothing, and nodes that will not come back. Pure. */
record Cleaning(World world, Remains remains, long at) {
    /** Entries that one transaction removes at most; the next request takes what is left. */
    private static final int MOST_ENTRIES = 500;

    Answer collect(String id) {
        List<Change> changes = new ArrayList<>(removal(Leftovers.in(remains, world), world));
        changes.add(done(id));
        return new Answer.Commit(changes);
    }

    /** What removes them, or the first of them if there are too many for one transaction. */
    static List<Change> removal(List<Leftover> leftovers, World world) {
        List<Change> changes = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        int paths = 0;
        for (Leftover leftover : leftovers) {
            switch (leftover) {
                case Leftover.Network network -> numbers.add(network.number());
                case Leftover.Entries entries -> {
                    if (changes.isEmpty() || paths + entries.paths().size() <= MOST_ENTRIES) {
                        changes.add(new Change.RemoveLeftover(entries));
                        paths += entries.paths().size();
                    }
                }
            }
        }
        changes.addAll(Holdings.giveBack(world, numbers));
        return changes;
    }

    /**
     * An agent that comes back under this name is a new one: its node is enrolled, and free once it has proved itself clean.
     * The status of the old one has to go, or it would count as that proof.
     */
    Answer forget(Request.Forget forget, String id) {
        NodeName name = forget.node();
        Node node = world.nodes().get(name);
        if (world.hides(name)) {
            return new Answer.Refuse(
                    Refusal.DOES_NOT_FIT, "what the tree says of node " + name + " cannot be read; mend that first");
        }
        if (node == null) {
            return new Answer.Refuse(Refusal.UNKNOWN, "there is no node " + name);
        }
        List<String> below = remains.below().getOrDefault(name.value(), List.of());
        if (node.alive() || below.contains("alive")) {
            return new Answer.Refuse(Refusal.BUSY, "the agent of node " + name + " is there; stop it first");
        }
        EniLoss enis = new EniLoss(world, name, at);
        Optional<String> keeps = enis.objection(forget.gone());
        if (keeps.isPresent()) {
            return new Answer.Refuse(Refusal.BUSY, keeps.get());
        }
        switch (node.assignment().value()) {
            case Assignment.Free _ -> {}
            case Assignment.Serve serve -> {
                return new Answer.Refuse(
                        Refusal.BUSY,
                        "node " + name + " is a member of cluster " + serve.cluster()
                                + "; delete the cluster, or scale it, which replaces lost members");
            }
            case Assignment.Leave leave -> {
                if (!forget.gone()) {
                    return new Answer.Refuse(
                            Refusal.BUSY,
                            "node " + name + " has not proved that nothing of cluster " + leave.cluster()
                                    + " is left on it, and network " + leave.network()
                                    + " is not given out before; if it is off for good, or wiped, say so with --gone");
                }
            }
        }
        List<Change> changes = new ArrayList<>();
        changes.add(new NodeChange.Forget(
                node.record(),
                node.assignment().version(),
                below,
                remains.said().contains(name.value()),
                remains.tunnels().contains(name.value())));
        changes.addAll(enis.changes());
        changes.add(new RequestChange.TakeUp(id, new Outcome.Done(at, List.of(), enis.freed())));
        return new Answer.Commit(changes);
    }

    private Change done(String id) {
        return new RequestChange.TakeUp(id, new Outcome.Done(at, List.of()));
    }
}
