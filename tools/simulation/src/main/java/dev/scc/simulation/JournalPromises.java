package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.host.NodeName;
import dev.scc.simulation.zk.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a controller does is told by events in the same transaction, and nothing is told that was not done. */
final class JournalPromises {
    private static final String PROMISE = "what is done is told";

    private final Mirror tree;

    JournalPromises(Mirror tree) {
        this.tree = tree;
    }

    /** What was there before a transaction, as far as it was changed. */
    record Before(
            Map<NodeName, Optional<NodeRecord>> nodes,
            Map<NodeName, Optional<Assignment>> assignments,
            Map<ClusterName, Optional<ClusterRecord>> clusters,
            Map<String, Optional<Outcome>> outcomes) {}

    void committed(Transaction transaction, Before before, long epoch) {
        List<Happening> told = new ArrayList<>();
        transaction.changes().stream()
                .filter(change -> Mirror.under(change.path(), Paths.EVENTS))
                .flatMap(change -> change.after().stream())
                .map(entry -> entry.read(Event.class))
                .forEach(event -> {
                    require(event.epoch() == epoch, PROMISE, () -> "in epoch " + epoch + ": " + event);
                    told.add(event.happening());
                });
        Set<String> said = new TreeSet<>();
        for (Happening happening : told) {
            said(happening).ifPresent(said::add);
        }
        Set<String> done = new TreeSet<>();
        before.outcomes().forEach((id, was) -> outcome(id, was, said).ifPresent(done::add));
        boolean asked = told.stream().anyMatch(Happening.RequestTakenUp.class::isInstance);
        before.nodes().forEach((node, was) -> node(node, was, asked, done));
        before.clusters().forEach((cluster, was) -> {
            if (was.isPresent() && !asked && !said(was.get()).equals(said(tree.clusters.get(cluster)))) {
                done.add("cluster " + cluster + " was " + was.get().phase());
            }
        });
        freed(before.assignments(), done);
        require(said.equals(done), PROMISE, () -> "done is " + done + ", and told " + said);
    }

    private static String said(@org.jspecify.annotations.Nullable ClusterRecord record) {
        return record == null ? "gone" : record.phase().toString();
    }

    /** Empty of what nobody has done. */
    private Optional<String> said(Happening happening) {
        return switch (happening) {
            case Happening.TermBegun _, Happening.EntryIgnored _ -> Optional.empty();
            case Happening.RequestTakenUp taken -> Optional.of("request " + taken.request() + " is taken up");
            case Happening.RequestRefused refused ->
                Optional.of("request " + refused.request() + " is refused: " + refused.reason() + " " + refused.why());
            case Happening.ClusterMoved moved -> {
                ClusterRecord now = tree.clusters.get(moved.cluster());
                yield now != null && now.phase() == moved.was()
                        ? Optional.empty()
                        : Optional.of("cluster " + moved.cluster() + " was " + moved.was());
            }
            case Happening.NodeEnrolled(NodeName node) -> Optional.of(node + " is enrolled");
            case Happening.MachineReplaced replaced ->
                Optional.of(replaced.node() + " is another machine at " + replaced.underlay());
            case Happening.NodeMoved moved -> Optional.of(moved.node() + " is at " + moved.underlay());
            case Happening.NodeLost lost -> Optional.of(lost.node() + " is lost" + lost.drainedAfter());
            case Happening.NodeBack(NodeName node) -> Optional.of(node + " is back");
            case Happening.NodeRecovered recovered ->
                Optional.of(recovered.node() + " has recovered from " + recovered.last() + recovered.drained());
            case Happening.NodeFailed failed ->
                Optional.of(failed.node() + " has failed at " + failed.why() + failed.drainedAfter());
            case Happening.NodeRepaired repaired -> Optional.of(repaired.node() + " is repaired");
            case Happening.NodeReaches reaches -> Optional.of(reaches.node() + " reaches others");
            case Happening.NodesFreed freed -> Optional.of(freed.count() + " of " + freed.cluster() + " are free");
        };
    }

    private Optional<String> outcome(String id, Optional<Outcome> was, Set<String> said) {
        Outcome now = tree.outcomes.get(id);
        if (was.isPresent() || now == null) {
            return Optional.empty();
        }
        if (!(now instanceof Outcome.Refused refused)) {
            return Optional.of("request " + id + " is taken up");
        }
        String refusal = "request " + id + " is refused: " + refused.reason() + " " + refused.why();
        // What nobody understands, or cannot be written, may be between the asker and his server.
        boolean silent = refused.reason() == Refusal.INVALID || refused.reason() == Refusal.DOES_NOT_FIT;
        return Optional.of(refusal).filter(words -> !silent || said.contains(words));
    }

    private void node(NodeName node, Optional<NodeRecord> before, boolean asked, Set<String> done) {
        NodeRecord now = tree.nodes.get(node);
        if (now == null) {
            return;
        }
        if (before.isEmpty()) {
            done.add(node + " is enrolled");
            return;
        }
        NodeRecord was = before.get();
        health(node, was.health(), now.health(), asked, done);
        if (!was.repairTold().equals(now.repairTold())) {
            done.add(node + " is repaired");
        }
        if (!was.unreachedTold().equals(now.unreachedTold())) {
            done.add(node + " reaches others");
        }
        if (!was.machine().equals(now.machine())) {
            done.add(node
                    + (was.machine().sameMachine(now.machine()) ? " is at " : " is another machine at ")
                    + now.machine().underlay());
        }
    }

    private static void health(NodeName node, Health was, Health now, boolean asked, Set<String> done) {
        Optional<Integer> drained =
                now.drained() && !was.drained() ? Optional.of(now.failures()) : Optional.<Integer>empty();
        if (now.failures() > was.failures()) {
            done.add(node + (now.gone() ? " is lost" : " has failed at " + now.last()) + drained);
        } else if (now.failures() < was.failures() && !asked) {
            done.add(node + " has recovered from " + was.last() + was.drained());
        } else if (was.gone() && !now.gone() && !asked) {
            done.add(node + " is back");
        }
    }

    private void freed(Map<NodeName, Optional<Assignment>> before, Set<String> done) {
        Map<ClusterName, Integer> freed = new TreeMap<>();
        before.forEach((node, was) -> {
            if (was.orElse(null) instanceof Assignment.Leave leave && tree.free(node)) {
                freed.merge(leave.cluster(), 1, Integer::sum);
            }
        });
        freed.forEach((cluster, count) -> done.add(count + " of " + cluster + " are free"));
    }
}
