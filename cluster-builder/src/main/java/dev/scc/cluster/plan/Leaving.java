package dev.scc.cluster.plan;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster that is on its way out: its members take everything back and prove it. The cluster goes when each of them is
 * clean, or given up. They stay assigned to leaving, and their network stays taken, until {@link NodeCare} frees them: those
 * that are clean at once, before any other request is judged, and those given up when they have come back and proved
 * themselves clean.
 */
record Leaving(ClusterPlanner planner) {

    /** Tells all members to leave. */
    static List<Change> dismiss(World world, ClusterRecord cluster, long epoch) {
        List<Change> changes = new ArrayList<>();
        Assignment leave = new Assignment.Leave(epoch, cluster.name(), cluster.network());
        for (NodeName member : cluster.members()) {
            Node node = world.nodes().get(member);
            if (node != null && node.assignment().value() instanceof Assignment.Serve serve && mine(cluster, serve)) {
                changes.add(new NodeChange.Assign(member, node.assignment().version(), leave));
            }
        }
        return changes;
    }

    private static boolean mine(ClusterRecord cluster, Assignment.Serve serve) {
        return serve.cluster().equals(cluster.name()) && serve.network() == cluster.network();
    }

    NextStep next(Held<ClusterRecord.Leaving> held) {
        ClusterRecord.Leaving cluster = held.value();
        LeftBehind left = new LeftBehind();
        Situation situation = planner.situation();
        for (NodeName member : concerned(cluster)) {
            Node node = planner.world().nodes().get(member);
            if (planner.world().hides(member)) {
                left.add(member, "what the tree says of it cannot be read");
                continue;
            }
            if (node == null || !World.carries(node, cluster.network()) || node.clean()) {
                continue;
            }
            Optional<String> givenUp = situation.givenUp(cluster, node);
            if (givenUp.isEmpty()) {
                return situation.watch(cluster);
            }
            left.add(member, givenUp.get());
        }
        return new NextStep.Commit(new ClusterMove.Gone(left.count() > 0), finish(held, left));
    }

    /** Members, and those who were. */
    private static Set<NodeName> concerned(ClusterRecord cluster) {
        Set<NodeName> concerned = new LinkedHashSet<>(cluster.members());
        cluster.leaving().forEach(former -> concerned.add(former.node()));
        return concerned;
    }

    /** A few changes, however many nodes there were: who waits for the outcome does not wait until all have been told. */
    private List<Change> finish(Held<ClusterRecord.Leaving> held, LeftBehind left) {
        ClusterRecord.Leaving cluster = held.value();
        return List.of(
                ClusterPlanner.answer(cluster.waiting(), outcome(cluster, left)), new ClusterChange.Remove(held));
    }

    private Outcome outcome(ClusterRecord.Leaving cluster, LeftBehind left) {
        return switch (cluster) {
            case ClusterRecord.Deleting _ -> new Outcome.Done(planner.at(), left.lines());
            case ClusterRecord.RollingBack back -> new Outcome.Failed(planner.at(), undone(back, left));
        };
    }

    private static String lookThere(NodeName node) {
        return "\"scc doctor " + node + "\" says what is misconfigured there, and which command mends it";
    }

    private static Failure undone(ClusterRecord.RollingBack cluster, LeftBehind left) {
        int all = concerned(cluster).size();
        String done = left.count() == 0
                ? "everything was undone on all " + all + " nodes"
                : "everything was undone on " + (all - left.count()) + " of " + all + " nodes";
        String next = left.count() == 0
                ? Optional.of(cluster.cause().next())
                        .filter(known -> !known.isEmpty())
                        .or(() -> cluster.cause().node().map(Leaving::lookThere))
                        .orElse("")
                : "bring the named nodes back; they are not given out before they have proved themselves clean";
        return cluster.cause().ending(done, next, left.lines());
    }
}
