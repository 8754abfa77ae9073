package dev.scc.cluster.world;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeStatus.Clean;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * A node as the tree shows it.
 *
 * @param assignment its version identifies it in the status
 * @param alive its agent holds its ephemeral entry
 * @param unread why something that its agent has written cannot be read; empty if all can
 */
public record Node(
        Held<NodeRecord> record,
        Held<Assignment> assignment,
        Optional<NodeStatus> status,
        Optional<Inventory> inventory,
        boolean alive,
        Optional<String> unread) {
    /** One of whom everything can be read. */
    public Node(
            Held<NodeRecord> record,
            Held<Assignment> assignment,
            Optional<NodeStatus> status,
            Optional<Inventory> inventory,
            boolean alive) {
        this(record, assignment, status, inventory, alive, Optional.empty());
    }

    public NodeName name() {
        return record.value().node();
    }

    /** What the node says of its present assignment; empty if nothing yet, or nothing that answers it. */
    public Optional<NodeStatus.State> answer() {
        return status.filter(said -> said.assignment() == assignment.version())
                .map(NodeStatus::state)
                .filter(assignment.value()::answeredBy);
    }

    /** The cluster that it serves or has to leave. */
    public Optional<ClusterName> cluster() {
        return switch (assignment.value()) {
            case Assignment.Free _ -> Optional.empty();
            case Assignment.Serve serve -> Optional.of(serve.cluster());
            case Assignment.Leave leave -> Optional.of(leave.cluster());
        };
    }

    /** Nothing is on it, and it knows that nothing should be. */
    public boolean clean() {
        return switch (assignment.value()) {
            case Assignment.Free free ->
                status.filter(free::shownBy).filter(this::given).isPresent();
            case Assignment.Leave _ -> answer().filter(Clean.class::isInstance).isPresent();
            case Assignment.Serve _ -> false;
        };
    }

    /** The same node, whose switch port is not closed: that fails, or is only not known yet. */
    Node notClean(Optional<String> failure) {
        Optional<NodeStatus> said = failure.map(why -> new NodeStatus(
                assignment.version(), new NodeStatus.StepFailed("close its switch port", why, List.of()), List.of()));
        return new Node(record, assignment, said, inventory, alive, unread);
    }

    /** Of an assignment that the node has not been given yet it can say nothing. */
    private boolean given(NodeStatus said) {
        return said.assignment() <= assignment.version();
    }

    public NodeState state() {
        return switch (assignment.value()) {
            case Assignment.Serve _ -> alive ? NodeState.ASSIGNED : NodeState.LOST;
            case Assignment.Leave _ -> NodeState.DIRTY;
            case Assignment.Free _ when !alive -> NodeState.LOST;
            case Assignment.Free _ when !clean() -> NodeState.DIRTY;
            case Assignment.Free _ ->
                record.value().outOfService() || worse().isPresent() ? NodeState.CORDONED : NodeState.FREE;
        };
    }

    /**
     * Why no cluster is given to it from now on, such as {@code cordoned: bad fan}, or for what reason it does not get clean;
     * empty while it is in service.
     */
    public Optional<String> outOfService() {
        NodeRecord known = record.value();
        return known.cordon()
                .map(why -> "cordoned: " + why)
                .or(() -> known.health().drained()
                        ? Optional.of("drained: " + known.health().last())
                        : Optional.empty())
                .or(() -> worse().map(why -> "drained: " + why))
                .or(() -> unread)
                .or(this::uncleaned);
    }

    /** What is worse about it than before the cluster that it has left, as long as its agent says so. */
    private Optional<String> worse() {
        return said().flatMap(Clean::worse);
    }

    /** That it is clean, if that is what it says and it serves nothing. */
    private Optional<Clean> said() {
        return status.filter(this::given)
                .map(NodeStatus::state)
                .filter(_ -> !(assignment.value() instanceof Assignment.Serve))
                .filter(Clean.class::isInstance)
                .map(Clean.class::cast);
    }

    /** Why its RDMA device could not be checked before it was clean; empty if it was, or has not to be. */
    public Optional<String> unchecked() {
        return said().flatMap(Clean::unchecked);
    }

    private Optional<String> uncleaned() {
        return state() == NodeState.DIRTY
                        && answer().isPresent()
                        && answer().get() instanceof NodeStatus.StepFailed failed
                ? Optional.of("cannot " + failed.step() + ": " + failed.why())
                : Optional.empty();
    }
}
