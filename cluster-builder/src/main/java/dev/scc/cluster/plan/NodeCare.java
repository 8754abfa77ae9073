package dev.scc.cluster.plan;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Health;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the pool's nodes need, whatever cluster they are in. Pure.
 *
 * @param heard nodes of whose own news something was written down a moment ago: what they say next can wait, or one of them could
 *     keep a controller busy
 */
public record NodeCare(Situation situation, long epoch, Set<NodeName> heard) {
    public NodeCare {
        heard = Set.copyOf(heard);
    }

    /** All are heard at once. */
    NodeCare(Situation situation, long epoch) {
        this(situation, epoch, Set.of());
    }

    /** Changes that belong together, and what they mean. */
    public record Care(List<Change> changes, List<Happening> happenings) {
        public Care {
            changes = List.copyOf(changes);
            happenings = List.copyOf(happenings);
        }

        public boolean nothing() {
            return changes.isEmpty();
        }
    }

    /** Takes up those that ask for it, and those that are reached elsewhere than before. */
    public Care enrol(Map<NodeName, Alive> asking) {
        List<Change> changes = new ArrayList<>();
        List<Happening> happenings = new ArrayList<>();
        Set<NodeName> refused = refused(asking).keySet();
        asking.forEach((name, machine) -> {
            Node node = world().nodes().get(name);
            if (world().hides(name) || refused.contains(name) || (node != null && heard.contains(name))) {
                return;
            }
            if (node == null) {
                changes.add(new NodeChange.Enrol(name, machine, epoch));
                happenings.add(new Happening.NodeEnrolled(name));
            } else if (!node.record().value().machine().sameMachine(machine) && replaceable(node)) {
                changes.add(new NodeChange.ReplaceMachine(node.record(), machine));
                // It has to prove itself clean, whatever the one before has proved.
                int version = node.assignment().version();
                changes.add(new NodeChange.Assign(name, version, new Assignment.Free(epoch, version + 1)));
                happenings.add(new Happening.MachineReplaced(name, machine.underlay()));
            } else if (node.record().value().machine().sameMachine(machine)) {
                Alive moved = node.record().value().machine().reachedAs(machine);
                if (!moved.equals(node.record().value().machine())) {
                    changes.add(new NodeChange.Move(node.record(), moved));
                    happenings.add(new Happening.NodeMoved(name, moved.underlay(), moved.agent()));
                }
            }
        });
        return new Care(changes, happenings);
    }

    /**
     * Those that say they are where another node is, each with the reason. Who of the two is right cannot be known here, so the
     * one that was enrolled there first stays, and nothing is held against either.
     */
    public Map<NodeName, String> refused(Map<NodeName, Alive> asking) {
        Map<Ipv4, NodeName> enrolled = new HashMap<>();
        world().nodes()
                .forEach((name, node) ->
                        enrolled.putIfAbsent(node.record().value().machine().underlay(), name));
        Map<NodeName, String> refused = new TreeMap<>();
        asking.forEach((name, machine) -> {
            NodeName there = enrolled.putIfAbsent(machine.underlay(), name);
            if (there != null && !there.equals(name)) {
                refused.put(name, "asks with address " + machine.underlay() + ", where node " + there + " is enrolled");
            }
        });
        return refused;
    }

    /** It is gone, and is free: no cluster needs it, and of those that had it nothing is on it. */
    private boolean replaceable(Node node) {
        return !node.alive()
                && world().plugs(node.name()).plugs().isEmpty()
                && node.assignment().value() instanceof Assignment.Free;
    }

    /** Writes down who is lost, who is back, and whose failures are long enough ago. */
    public Care watch() {
        List<Change> changes = new ArrayList<>();
        List<Happening> happenings = new ArrayList<>();
        for (Node node : world().nodes().values()) {
            Health health = node.record().value().health();
            if (situation.lost(node.name()) && !health.gone()) {
                Health worse = health.lost(at());
                changes.add(new NodeChange.NoteHealth(node.record(), worse));
                happenings.add(new Happening.NodeLost(
                        node.name(), situation.timing().grace().toSeconds(), drained(health, worse)));
            } else if (node.alive() && health.gone()) {
                changes.add(new NodeChange.NoteHealth(node.record(), health.back()));
                happenings.add(new Happening.NodeBack(node.name()));
            } else if (node.alive() && health.recovered(at())) {
                changes.add(new NodeChange.NoteHealth(node.record(), Health.good()));
                happenings.add(new Happening.NodeRecovered(node.name(), health.drained(), health.last()));
            } else if (untold(node).isPresent()) {
                Repair repair = untold(node).get();
                changes.add(new NodeChange.NoteRepair(node.record(), repair.at()));
                happenings.add(new Happening.NodeRepaired(node.name(), repair.words()));
            } else {
                // Nothing is held against anybody for it: it is what one node says.
                unreached(node).ifPresent(now -> {
                    changes.add(new NodeChange.NoteUnreached(node.record(), now.at()));
                    happenings.add(new Happening.NodeReaches(node.name(), now.members()));
                });
            }
        }
        return new Care(changes, happenings);
    }

    /** What its agent has repaired and no event tells of. */
    private Optional<Repair> untold(Node node) {
        return node.inventory()
                .filter(_ -> !heard.contains(node.name()))
                .flatMap(Inventory::repaired)
                .filter(repair -> !node.record().value().repairTold().equals(Optional.of(repair.at())));
    }

    /** Whom its agent does not reach over RDMA, or that it reaches all again, and no event tells of it. */
    private Optional<Unreached> unreached(Node node) {
        return node.inventory()
                .filter(_ -> !heard.contains(node.name()))
                .flatMap(Inventory::unreached)
                .filter(now -> !node.record().value().unreachedTold().equals(Optional.of(now.at())));
    }

    /** Counts a failure against those that are to blame for it. One that is lost is counted as lost. */
    public Care blame(Optional<Blame> blame) {
        if (blame.isEmpty()) {
            return new Care(List.of(), List.of());
        }
        String why = blame.get().failure().why();
        List<Change> changes = new ArrayList<>();
        List<Happening> happenings = new ArrayList<>();
        for (NodeName name : blame.get().nodes()) {
            Node node = world().nodes().get(name);
            if (node != null && !situation.lost(name)) {
                Health health = node.record().value().health();
                Health worse = health.failed(why, at());
                changes.add(new NodeChange.NoteHealth(node.record(), worse));
                happenings.add(new Happening.NodeFailed(name, why, drained(health, worse)));
            }
        }
        return new Care(changes, happenings);
    }

    /** Frees nodes that are clean and have no cluster any more, and networks that no node carries then. */
    public Care welcomeBack() {
        Map<ClusterName, Set<NodeName>> members = new HashMap<>();
        List<Node> clean = world().nodes().values().stream()
                .filter(node -> node.assignment().value() instanceof Assignment.Leave leave
                        && node.clean()
                        && !belongs(node.name(), leave, members))
                .toList();
        List<Change> changes = new ArrayList<>(free(clean));
        World then = clean.isEmpty() ? world() : world().without(clean);
        Set<Integer> numbers = world().pools().value().networks().keySet().stream()
                .filter(network -> !then.uses(network))
                .collect(Collectors.toSet());
        changes.addAll(Holdings.giveBack(world(), numbers));
        return new Care(changes, freed(clean));
    }

    private List<Change> free(List<Node> clean) {
        List<Change> changes = new ArrayList<>();
        for (Node node : clean) {
            int version = node.assignment().version();
            changes.add(new NodeChange.Assign(node.name(), version, new Assignment.Free(epoch, version)));
        }
        return changes;
    }

    /** Those of a cluster together. */
    private static List<Happening> freed(List<Node> clean) {
        Map<ClusterName, List<NodeName>> byCluster = new TreeMap<>();
        clean.forEach(node -> byCluster
                .computeIfAbsent(node.cluster().orElseThrow(), _ -> new ArrayList<>())
                .add(node.name()));
        List<Happening> happenings = new ArrayList<>();
        byCluster.forEach((cluster, nodes) -> happenings.add(Happening.NodesFreed.of(nodes, cluster)));
        return happenings;
    }

    /** @param members of clusters, as far as they were looked at: all nodes of a large one may leave at the same time */
    private boolean belongs(NodeName node, Assignment.Leave leave, Map<ClusterName, Set<NodeName>> members) {
        Held<ClusterRecord> cluster = world().clusters().get(leave.cluster());
        if (world().hides(leave.cluster())) {
            return true;
        }
        return cluster != null
                && cluster.value().network() == leave.network()
                && members.computeIfAbsent(
                                leave.cluster(), _ -> Set.copyOf(cluster.value().members()))
                        .contains(node);
    }

    /** After how many failures, if it was the latest that did it. */
    private static Optional<Integer> drained(Health before, Health after) {
        return after.drained() && !before.drained() ? Optional.of(after.failures()) : Optional.empty();
    }

    private World world() {
        return situation.world();
    }

    private long at() {
        return situation.now().toEpochMilli();
    }
}
