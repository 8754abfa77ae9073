package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in words what an event tells of. */
final class EventWords {
    private EventWords() {}

    static String of(Event event) {
        return switch (event.happening()) {
            case Happening.TermBegun _ -> "leads, in epoch " + event.epoch();
            case Happening.RequestTakenUp taken ->
                taken.what().title() + ", request " + taken.request() + reason(taken.what());
            case Happening.RequestRefused refused ->
                refused.what().title() + ", request " + refused.request() + " refused: " + refused.why();
            case Happening.ClusterMoved moved -> "was " + moved.was() + ": " + move(moved.move());
            case Happening.NodeEnrolled _ -> "is enrolled";
            case Happening.MachineReplaced replaced -> "is another machine from now on, at " + replaced.underlay();
            case Happening.NodeMoved moved ->
                "is at " + moved.underlay() + " from now on"
                        + moved.agent().map(agent -> ", its agent at " + agent).orElse("");
            case Happening.NodeLost lost ->
                "is lost: its agent has been gone for " + lost.graceSeconds() + " s" + drained(lost.drainedAfter());
            case Happening.NodeBack _ -> "is back";
            case Happening.NodeRepaired repaired -> "was changed by somebody else, and is repaired: " + repaired.what();
            case Happening.NodeReaches reaches ->
                reaches.not().isEmpty()
                        ? "reaches all members of its cluster over RDMA again"
                        : "does not reach over RDMA: "
                                + reaches.not().stream().map(NodeName::value).collect(Collectors.joining(", "))
                                + "; see \"scc mesh\"";
            case Happening.NodeRecovered recovered ->
                (recovered.drained() ? "is in service again: " : "is well: ") + Health.CLEAN_WINDOWS
                        + " clean windows since " + recovered.last();
            case Happening.NodeFailed failed -> "has failed" + drained(failed.drainedAfter()) + ": " + failed.why();
            case Happening.EntryIgnored ignored -> "entry " + ignored.path() + " " + ignored.why() + "; ignored";
            case Happening.NodesFreed freed ->
                freed.count() == 1
                        ? "is clean and free; it was in cluster " + freed.cluster()
                        : "are clean and free; they were in cluster " + freed.cluster();
        };
    }

    /** Kind of the thing that a request is about. */
    static Event.Kind concerns(Request request) {
        return switch (request) {
            case Request.Create _, Request.Scale _, Request.Delete _ -> Event.Kind.CLUSTER;
            case Request.Cordon _, Request.Uncordon _, Request.Label _, Request.Forget _, Request.EniAttach _ ->
                Event.Kind.NODE;
            case Request.Collect _ -> Event.Kind.SERVER;
            case Request.VpcCreate _,
                    Request.VpcDelete _,
                    Request.EniDetach _,
                    Request.EniMove _,
                    Request.GroupCreate _,
                    Request.GroupRuleChange _,
                    Request.GroupApply _,
                    Request.GroupDelete _ -> Event.Kind.VPC;
        };
    }

    /** Name of the thing that a request is about; empty if it is the tree itself. */
    static Optional<String> subject(Request request) {
        return switch (request) {
            case Request.Create create -> Optional.of(create.spec().name().value());
            case Request.Scale scale -> Optional.of(scale.cluster().value());
            case Request.Delete delete -> Optional.of(delete.cluster().value());
            case Request.Cordon cordon -> Optional.of(cordon.node().value());
            case Request.Uncordon uncordon -> Optional.of(uncordon.node().value());
            case Request.Label label -> Optional.of(label.node().value());
            case Request.Collect _ -> Optional.empty();
            case Request.Forget forget -> Optional.of(forget.node().value());
            case Request.VpcCreate create -> Optional.of(create.name().value());
            case Request.VpcDelete delete -> Optional.of(delete.name().value());
            case Request.EniAttach attach -> Optional.of(attach.node().value());
            case Request.EniDetach detach -> Optional.of(detach.eni().value());
            case Request.EniMove move -> Optional.of(move.eni().value());
            case Request.GroupCreate create -> Optional.of(create.group().value());
            case Request.GroupRuleChange change -> Optional.of(change.group().value());
            case Request.GroupApply apply -> Optional.of(apply.group().value());
            case Request.GroupDelete delete -> Optional.of(delete.group().value());
        };
    }

    private static String move(ClusterMove move) {
        return switch (move) {
            case ClusterMove.Built _ -> "all nodes are built";
            case ClusterMove.Ready _ -> "ready";
            case ClusterMove.Failed(String why) -> "failed: " + why;
            case ClusterMove.RolledBack(String why) -> "rolling back: " + why;
            case ClusterMove.Replaced replaced ->
                (replaced.nodes().isEmpty() ? "filling up" : "replacing " + list(replaced.nodes())) + " with "
                        + list(replaced.by())
                        + replaced.why().map(why -> ": " + why).orElse("");
            case ClusterMove.BackedOut out -> "taking " + list(out.nodes()) + " out again: " + out.why();
            case ClusterMove.Restored _ -> "as it was before";
            case ClusterMove.Degraded(String why) -> "degraded: " + why;
            case ClusterMove.Waiting(String why) -> "waiting for a replacement: " + why;
            case ClusterMove.WholeAgain _ -> "whole again";
            case ClusterMove.Gone(boolean left) -> left ? "gone, but something is left" : "gone";
        };
    }

    private static String reason(Request request) {
        return request instanceof Request.Cordon cordon ? ": " + cordon.why() : "";
    }

    private static String drained(Optional<Integer> after) {
        return after.map(failures -> ", and is drained after " + failures + " failures")
                .orElse("");
    }

    private static String list(Collection<NodeName> nodes) {
        return nodes.stream().map(NodeName::value).collect(Collectors.joining(", "));
    }
}
