package dev.scc.cluster.controller;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.controller.Intake.Answer;
import dev.scc.cluster.leftover.Leftovers;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes from the tree what belongs to nothing, and nodes that will not come back. Pure. */
record Cleaning(World world, Remains remains, long at) {

    /** What a request needs to know of the tree beyond the world; empty for most. */
    static Optional<List<NodeName>> concerns(Request request) {
        return switch (request) {
            case Request.Collect _ -> Optional.of(List.of());
            case Request.Forget forget -> Optional.of(List.of(forget.node()));
            case Request.Create _,
                    Request.Scale _,
                    Request.Delete _,
                    Request.Cordon _,
                    Request.Uncordon _,
                    Request.Label _ -> Optional.empty();
        };
    }

    Answer collect(String id) {
        List<Op> ops = new ArrayList<>(Leftovers.removal(Leftovers.in(remains, world), world));
        ops.add(done(id));
        return new Answer.Commit(ops);
    }

    /**
     * An agent that comes back under this name is a new one: its node is enrolled, and free once it has proved itself clean.
     * The status of the old one has to go, or it would count as that proof.
     */
    Answer forget(Request.Forget forget, String id) {
        NodeName name = forget.node();
        Node node = world.nodes().get(name);
        if (node == null) {
            return new Answer.Refuse(Refusal.UNKNOWN, "there is no node " + name);
        }
        List<String> below = remains.below().getOrDefault(name.value(), List.of());
        if (node.alive() || below.contains("alive")) {
            return new Answer.Refuse(Refusal.BUSY, "the agent of node " + name + " is there; stop it first");
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
        List<Op> ops = new ArrayList<>();
        // With whatever else is below, so that an agent that comes back at this moment makes it fail.
        below.forEach(entry -> ops.add(new Op.Delete(Paths.node(name) + "/" + entry, Op.ANY)));
        ops.add(new Op.Delete(Paths.node(name), node.record().version()));
        ops.add(new Op.Delete(Paths.assign(name), node.assignment().version()));
        if (remains.said().contains(name.value())) {
            ops.add(new Op.Delete(Paths.status(name), Op.ANY));
        }
        ops.add(done(id));
        return new Answer.Commit(ops);
    }

    private Op done(String id) {
        return new Op.Create(Paths.outcome(id), Json.write(new Outcome.Done(at, List.of())));
    }
}
