package dev.scc.cluster.controller;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Event;
import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.controller.Journal.Note;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the pool's nodes need, whatever cluster they are in. Pure. */
record NodeCare(Members members, long epoch) {
    /** Told once of a node whose agent has gone, and again only after it was back. */
    private static final String GONE = "its agent is gone";

    private static final String BACK = "its agent was gone for a while";

    /** A transaction and what it means. */
    record Care(List<Op> ops, List<Note> notes) {
        Care {
            ops = List.copyOf(ops);
            notes = List.copyOf(notes);
        }

        boolean nothing() {
            return ops.isEmpty();
        }
    }

    /** Takes up those that ask for it. */
    Care enrol(Collection<NodeName> asking) {
        List<Op> ops = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        for (NodeName node : asking) {
            if (!world().nodes().containsKey(node)) {
                ops.add(new Op.Create(Paths.node(node), Json.write(NodeRecord.enrolled(node))));
                ops.add(new Op.Create(Paths.assign(node), Json.write(new Assignment.Free(epoch, 0))));
                notes.add(note(node, "is enrolled"));
            }
        }
        return new Care(ops, notes);
    }

    /** Writes down who is lost, who is back, and whose failures are long enough ago. */
    Care watch() {
        List<Op> ops = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        for (Node node : world().nodes().values()) {
            Health health = node.record().value().health();
            if (members.lost(node.name()) && !health.last().equals(GONE)) {
                Health worse = health.failed(GONE, at());
                ops.add(save(node, worse));
                notes.add(note(
                        node.name(),
                        "is lost: its agent has been gone for "
                                + members.timing().grace().toSeconds() + " s" + drained(health, worse)));
            } else if (node.alive() && health.last().equals(GONE)) {
                ops.add(save(node, new Health(health.failures(), BACK, health.since(), health.drained())));
                notes.add(note(node.name(), "is back"));
            } else if (node.alive() && health.recovered(at())) {
                ops.add(save(node, Health.good()));
                notes.add(note(
                        node.name(),
                        (health.drained() ? "is in service again: " : "is well: ") + Health.CLEAN_WINDOWS
                                + " clean windows since " + health.last()));
            }
        }
        return new Care(ops, notes);
    }

    /** Counts a failure against those that are to blame for it. One that is lost is counted as lost. */
    Care blame(Optional<Blame> blame) {
        if (blame.isEmpty()) {
            return new Care(List.of(), List.of());
        }
        String why = blame.get().failure().why();
        List<Op> ops = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        for (NodeName name : blame.get().nodes()) {
            Node node = world().nodes().get(name);
            if (node != null && !members.lost(name)) {
                Health health = node.record().value().health();
                Health worse = health.failed(why, at());
                ops.add(save(node, worse));
                notes.add(note(name, "has failed" + drained(health, worse) + ": " + why));
            }
        }
        return new Care(ops, notes);
    }

    /** Frees nodes that were given up and have proved themselves clean since, and networks that no node carries any more. */
    Care welcomeBack() {
        List<Op> ops = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        for (Node node : world().nodes().values()) {
            if (node.assignment().value() instanceof Assignment.Leave leave
                    && node.clean()
                    && !belongs(node.name(), leave)) {
                ops.add(Leaving.free(node, epoch));
                notes.add(note(node.name(), "is clean and free; it was in cluster " + leave.cluster()));
            }
        }
        if (ops.isEmpty()) {
            unusedNetwork()
                    .ifPresent(network -> ops.add(new Op.Set(
                            Paths.POOLS,
                            Json.write(world().pools().value().without(network)),
                            world().pools().version())));
        }
        return new Care(ops, notes);
    }

    private Optional<Integer> unusedNetwork() {
        return world().pools().value().networks().keySet().stream()
                .filter(network -> !world().uses(network))
                .findFirst();
    }

    private boolean belongs(NodeName node, Assignment.Leave leave) {
        Held<ClusterRecord> cluster = world().clusters().get(leave.cluster());
        return cluster != null
                && cluster.value().network() == leave.network()
                && cluster.value().members().contains(node);
    }

    private static String drained(Health before, Health after) {
        return after.drained() && !before.drained() ? ", and is drained after " + after.failures() + " failures" : "";
    }

    private static Op save(Node node, Health health) {
        return new Op.Set(
                Paths.node(node.name()),
                Json.write(node.record().value().withHealth(health)),
                node.record().version());
    }

    private static Note note(NodeName node, String what) {
        return new Note(Event.Kind.NODE, node.value(), what);
    }

    private World world() {
        return members.world();
    }

    private long at() {
        return members.now().toEpochMilli();
    }
}
