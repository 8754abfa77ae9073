package dev.scc.cluster.change;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.world.Held;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A change of a node's enrolment or assignment. */
public sealed interface NodeChange extends Change {

    NodeName node();

    /** It becomes a node of the pool; it is free once it has proved itself clean. */
    record Enrol(NodeName node, Alive machine, long epoch) implements NodeChange {}

    /**
     * It is given another assignment.
     *
     * @param replaces version of the assignment that it had
     */
    record Assign(NodeName node, int replaces, Assignment assignment) implements NodeChange {}

    /**
     * It is taken out of the pool, with all that its agent has left in the tree.
     *
     * @param assignment version
     * @param below names of the entries below its enrolment
     * @param said it has a status
     * @param tunnel it has said the key of a tunnel
     */
    record Forget(Held<NodeRecord> stored, int assignment, List<String> below, boolean said, boolean tunnel)
            implements NodeChange {
        public Forget {
            below = List.copyOf(below);
        }

        @Override
        public NodeName node() {
            return stored.value().node();
        }
    }

    /** Another record replaces the stored one, if that has not changed. */
    sealed interface Rewrite extends NodeChange {
        Held<NodeRecord> stored();

        NodeRecord next();

        @Override
        default NodeName node() {
            return stored().value().node();
        }
    }

    /** Another machine is this node from now on. */
    record ReplaceMachine(Held<NodeRecord> stored, Alive machine) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withMachine(machine);
        }
    }

    /** The machine that is this node is reached elsewhere from now on. */
    record Move(Held<NodeRecord> stored, Alive machine) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withMachine(machine);
        }
    }

    /** Its failures, or that they are forgotten. */
    record NoteHealth(Held<NodeRecord> stored, Health health) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withHealth(health);
        }
    }

    /**
     * An event has told of what its agent had repaired.
     *
     * @param at when
     */
    record NoteRepair(Held<NodeRecord> stored, long at) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withRepairTold(at);
        }
    }

    /**
     * An event has told of whom its agent does not reach over RDMA, or reaches again.
     *
     * @param at since when
     */
    record NoteUnreached(Held<NodeRecord> stored, long at) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withUnreachedTold(at);
        }
    }

    /** No cluster is given to it from now on. */
    record Cordon(Held<NodeRecord> stored, String why) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withCordon(Optional.of(why));
        }
    }

    /** Clusters are given to it again, whatever it has failed at. */
    record Uncordon(Held<NodeRecord> stored) implements Rewrite {
        @Override
        public NodeRecord next() {
            return stored.value().withCordon(Optional.empty()).withHealth(Health.good());
        }
    }

    /**
     * Other labels.
     *
     * @param set labels that it has afterwards, whatever else it has
     * @param remove keys of labels that it has no longer
     */
    record Label(Held<NodeRecord> stored, Map<String, String> set, Set<String> remove) implements Rewrite {
        public Label {
            set = Map.copyOf(set);
            remove = Set.copyOf(remove);
        }

        @Override
        public NodeRecord next() {
            Map<String, String> labels = new TreeMap<>(stored.value().labels());
            labels.keySet().removeAll(remove);
            labels.putAll(set);
            return stored.value().withLabels(labels);
        }
    }
}
