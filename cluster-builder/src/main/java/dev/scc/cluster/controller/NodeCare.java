package dev.scc.cluster.controller;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Event;
import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.controller.Journal.Note;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.HostList;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the pool's nodes need, whatever cluster they are in. Pure. */
record NodeCare(Members members, long epoch) {
    /** Told once of a node whose agent has gone, and again only after it was back. */
    private static final String GONE = "its agent is gone";

    /** Characters, in an event. */
    private static final int LONGEST_LIST = 60;

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
    Care enrol(Map<NodeName, Alive> asking) {
        List<Op> ops = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        asking.forEach((name, machine) -> {
            Node node = world().nodes().get(name);
            if (node == null) {
                ops.add(new Op.Create(Paths.node(name), Json.write(NodeRecord.enrolled(name, machine))));
                ops.add(new Op.Create(Paths.assign(name), Json.write(new Assignment.Free(epoch, 0))));
                notes.add(note(name, "is enrolled"));
            } else if (!node.record().value().machine().sameMachine(machine) && replaceable(node)) {
                ops.add(new Op.Set(
                        Paths.node(name),
                        Json.write(node.record().value().withMachine(machine)),
                        node.record().version()));
                // It has to prove itself clean, whatever the one before has proved.
                int version = node.assignment().version();
                ops.add(new Op.Set(Paths.assign(name), Json.write(new Assignment.Free(epoch, version + 1)), version));
                notes.add(note(name, "is another machine from now on, at " + machine.underlay()));
            }
        });
        return new Care(ops, notes);
    }

    /** It is gone, and is free: no cluster needs it, and of those that had it nothing is on it. */
    private static boolean replaceable(Node node) {
        return !node.alive() && node.assignment().value() instanceof Assignment.Free;
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

    /** Frees nodes that are clean and have no cluster any more, and networks that no node carries then. */
    Care welcomeBack() {
        Map<ClusterName, Set<NodeName>> members = new HashMap<>();
        List<Node> clean = world().nodes().values().stream()
                .filter(node -> node.assignment().value() instanceof Assignment.Leave leave
                        && node.clean()
                        && !belongs(node.name(), leave, members))
                .toList();
        List<Op> ops = new ArrayList<>(free(clean));
        World then = clean.isEmpty() ? world() : world().without(clean);
        Held<Pools> taken = world().pools();
        Pools left = taken.value();
        for (int network : taken.value().networks().keySet()) {
            if (!then.uses(network)) {
                left = left.without(network);
            }
        }
        if (!left.equals(taken.value())) {
            ops.add(new Op.Set(Paths.POOLS, Json.write(left), taken.version()));
        }
        return new Care(ops, freed(clean));
    }

    private List<Op> free(List<Node> clean) {
        // Most nodes have been given as many assignments as their neighbours.
        Map<Integer, String> texts = new HashMap<>();
        List<Op> ops = new ArrayList<>();
        for (Node node : clean) {
            int version = node.assignment().version();
            String text = texts.computeIfAbsent(version, answered -> Json.write(new Assignment.Free(epoch, answered)));
            ops.add(new Op.Set(Paths.assign(node.name()), text, version));
        }
        return ops;
    }

    /** Those of a cluster together. */
    private static List<Note> freed(List<Node> clean) {
        Map<ClusterName, List<NodeName>> byCluster = new TreeMap<>();
        clean.forEach(node -> byCluster
                .computeIfAbsent(node.cluster().orElseThrow(), _ -> new ArrayList<>())
                .add(node.name()));
        List<Note> notes = new ArrayList<>();
        byCluster.forEach((cluster, nodes) -> notes.add(
                nodes.size() == 1
                        ? note(nodes.getFirst(), "is clean and free; it was in cluster " + cluster)
                        : new Note(
                                Event.Kind.NODE, names(nodes), "are clean and free; they were in cluster " + cluster)));
        return notes;
    }

    private static String names(List<NodeName> nodes) {
        String list = HostList.format(nodes);
        return list.length() > LONGEST_LIST ? nodes.size() + " nodes" : list;
    }

    /** @param members of clusters, as far as they were looked at: all nodes of a large one may leave at the same time */
    private boolean belongs(NodeName node, Assignment.Leave leave, Map<ClusterName, Set<NodeName>> members) {
        Held<ClusterRecord> cluster = world().clusters().get(leave.cluster());
        return cluster != null
                && cluster.value().network() == leave.network()
                && members.computeIfAbsent(
                                leave.cluster(), _ -> Set.copyOf(cluster.value().members()))
                        .contains(node);
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
