package dev.scc.cluster.agent;

import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeStatus.SegmentAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has become of a node that was as it should be, without anybody having asked for it. Pure. */
final class Drift {
    private Drift() {}

    /**
     * In words for people, the most important first.
     *
     * @param was what the node has said last, which was no failure
     * @param now what has come of another look at it
     */
    static List<String> between(NodeStatus.State was, Convergence.Result now) {
        List<String> drift = new ArrayList<>();
        Optional<SegmentAddress> before = segment(was);
        Optional<SegmentAddress> after = segment(now.state());
        if (before.isPresent() && after.isPresent() && !before.equals(after)) {
            drift.add("gid index " + before.get().gidIndex() + ", now "
                    + after.get().gidIndex());
        }
        drift.addAll(now.changed());
        return drift;
    }

    private static Optional<SegmentAddress> segment(NodeStatus.State state) {
        return state instanceof NodeStatus.Reached reached ? reached.segment() : Optional.empty();
    }
}
