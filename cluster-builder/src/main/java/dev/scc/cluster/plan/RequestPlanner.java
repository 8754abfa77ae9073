package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestBounds;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a client's request leads to at once. Pure. */
public record RequestPlanner(Situation situation, long epoch) {

    /** What comes of a request. */
    public sealed interface Answer {
        /** It is taken up with these changes, among them its outcome or the beginning of one. */
        record Commit(List<Change> changes) implements Answer {
            public Commit {
                changes = List.copyOf(changes);
            }
        }

        /** It is not, and nothing changes. */
        record Refuse(Refusal reason, String why) implements Answer {}
    }

    /** The nodes of which a request needs to know more of the tree than the world; empty for most. */
    public static Optional<List<NodeName>> concerns(Request request) {
        return switch (request) {
            case Request.Collect _ -> Optional.of(List.of());
            case Request.Forget forget -> Optional.of(List.of(forget.node()));
            case Request.Create _,
                    Request.Scale _,
                    Request.Delete _,
                    Request.Cordon _,
                    Request.Uncordon _,
                    Request.Label _,
                    Request.VpcCreate _,
                    Request.VpcDelete _,
                    Request.EniAttach _,
                    Request.EniDetach _,
                    Request.EniMove _,
                    Request.GroupCreate _,
                    Request.GroupRuleChange _,
                    Request.GroupApply _,
                    Request.GroupDelete _ -> Optional.empty();
        };
    }

    /**
     * Answers it.
     *
     * @param id of the request
     * @param asker who asks for it
     * @param roster of the cluster that the request is about; empty if there is none
     * @param remains for the requests that {@link #concerns}
     */
    public Answer answer(Request request, String id, Asker asker, Optional<Roster> roster, Optional<Remains> remains) {
        Permission permission = new Permission(asker, world());
        return permission.objection(request).<Answer>map(refusal -> refusal).orElseGet(() -> switch (answer(
                request, id, asker.principal(), roster, remains)) {
            case Answer.Refuse refuse -> refuse;
            case Answer.Commit(List<Change> changes) ->
                new Answer.Commit(Stream.concat(changes.stream(), permission.conditions().stream())
                        .toList());
        });
    }

    private Answer answer(
            Request request, String id, Optional<Principal> owner, Optional<Roster> roster, Optional<Remains> remains) {
        return switch (request) {
            case Request.Create create -> create(create, owner, id);
            case Request.Scale scale -> scale(scale, id, roster);
            case Request.Delete delete -> delete(delete.cluster(), id);
            case Request.Cordon cordon -> change(cordon.node(), id, node -> new NodeChange.Cordon(node, cordon.why()));
            case Request.Uncordon uncordon -> change(uncordon.node(), id, NodeChange.Uncordon::new);
            case Request.Label label -> label(label, id);
            case Request.Collect _ -> new Cleaning(world(), remains.orElseThrow(), at()).collect(id);
            case Request.VpcCreate create -> new VpcKeeping(world(), at()).create(create, owner, id);
            case Request.VpcDelete delete -> new VpcKeeping(world(), at()).delete(delete.name(), id);
            case Request.EniAttach attach -> new EniKeeping(world(), at()).attach(attach, owner, id);
            case Request.EniDetach detach -> new EniKeeping(world(), at()).detach(detach.eni(), id);
            case Request.EniMove move -> new EniMoving(world(), at()).move(move, id);
            case Request.GroupCreate create -> new GroupKeeping(world(), at()).create(create, owner, id);
            case Request.GroupRuleChange change -> new GroupKeeping(world(), at()).rule(change, id);
            case Request.GroupApply apply -> new GroupKeeping(world(), at()).apply(apply, id);
            case Request.GroupDelete delete -> new GroupKeeping(world(), at()).delete(delete.group(), id);
            case Request.Forget forget -> new Cleaning(world(), remains.orElseThrow(), at()).forget(forget, id);
        };
    }

    private Answer label(Request.Label label, String id) {
        Node node = world().nodes().get(label.node());
        int labels = node == null
                ? 0
                : new NodeChange.Label(node.record(), label.set(), label.remove())
                        .next()
                        .labels()
                        .size();
        return labels > RequestBounds.MOST_LABELS
                ? new Answer.Refuse(
                        Refusal.INVALID,
                        "node " + label.node() + " would have " + labels + " labels, and may have "
                                + RequestBounds.MOST_LABELS)
                : change(label.node(), id, held -> new NodeChange.Label(held, label.set(), label.remove()));
    }

    private Answer create(Request.Create create, Optional<Principal> owner, String id) {
        return switch (CreatePlanner.plan(create.spec(), owner, id, world(), epoch, at())) {
            case CreatePlanner.Plan.Build build -> new Answer.Commit(build.changes());
            case CreatePlanner.Plan.Refuse refusal -> new Answer.Refuse(refusal.reason(), refusal.why());
        };
    }

    private Answer scale(Request.Scale scale, String id, Optional<Roster> roster) {
        Held<ClusterRecord> held = world().clusters().get(scale.cluster());
        if (held == null || roster.isEmpty()) {
            return unknown(scale.cluster());
        }
        return held.value() instanceof ClusterRecord.Serving serving
                ? scale(held, serving, roster.get(), scale.nodes(), id)
                : new Answer.Refuse(
                        Refusal.BUSY,
                        "cluster " + scale.cluster() + " is " + held.value().phase());
    }

    private Answer scale(Held<ClusterRecord> held, ClusterRecord.Serving cluster, Roster roster, int nodes, String id) {
        Set<NodeName> troubled = situation.troubled(cluster);
        if (troubled.isEmpty() && cluster.members().size() == nodes) {
            return switch (cluster) {
                // It has as many members as it is to have, but it is not in order yet: done means that it is.
                case ClusterRecord.Degraded degraded ->
                    new Answer.Commit(List.of(begun(id), ClusterPlanner.save(held, degraded.prove(at(), id, nodes))));
                case ClusterRecord.Ready ready ->
                    new Answer.Commit(List.of(
                            new RequestChange.TakeUp(id, new Outcome.Done(at(), List.of())),
                            ClusterPlanner.save(held, ready.resize(nodes))));
            };
        }
        boolean proven = cluster instanceof ClusterRecord.Ready;
        MembershipPlanner.Plan plan = new MembershipPlanner(situation, held, roster, epoch)
                .plan(nodes, troubled, next -> cluster.scale(at(), id, nodes, next, proven));
        return switch (plan) {
            case MembershipPlanner.Plan.Refuse refuse -> new Answer.Refuse(refuse.reason(), refuse.why());
            case MembershipPlanner.Plan.Possible possible -> {
                List<Change> changes = new ArrayList<>();
                changes.add(begun(id));
                changes.addAll(possible.changes());
                yield new Answer.Commit(changes);
            }
        };
    }

    private Answer delete(ClusterName name, String id) {
        Held<ClusterRecord> held = world().clusters().get(name);
        if (held == null) {
            return unknown(name);
        }
        return switch (held.value()) {
            case ClusterRecord.Leaving leaving ->
                new Answer.Refuse(Refusal.BUSY, "cluster " + name + " is " + leaving.phase() + " already");
            case ClusterRecord.Lasting cluster -> delete(held, cluster, id);
        };
    }

    private Answer delete(Held<ClusterRecord> held, ClusterRecord.Lasting cluster, String id) {
        List<Change> changes = new ArrayList<>();
        changes.add(begun(id));
        changes.add(ClusterPlanner.save(held, cluster.delete(at(), id)));
        changes.addAll(Leaving.dismiss(world(), cluster, epoch));
        cluster.request().ifPresent(waiting -> {
            Failure failure = Failure.of(Situation.what(cluster), "another client deleted the cluster meanwhile")
                    .ending("everything is being undone", "", List.of());
            changes.add(ClusterPlanner.answer(waiting, new Outcome.Failed(at(), failure)));
        });
        return new Answer.Commit(changes);
    }

    private static Answer unknown(ClusterName name) {
        return new Answer.Refuse(Refusal.UNKNOWN, "there is no cluster " + name);
    }

    private Answer change(NodeName name, String id, Function<Held<NodeRecord>, Change> change) {
        Node node = world().nodes().get(name);
        if (node == null) {
            return new Answer.Refuse(Refusal.UNKNOWN, "there is no node " + name);
        }
        return new Answer.Commit(
                List.of(new RequestChange.TakeUp(id, new Outcome.Done(at(), List.of())), change.apply(node.record())));
    }

    private Change begun(String id) {
        return new RequestChange.TakeUp(id, new Outcome.InProgress(at()));
    }

    private World world() {
        return situation.world();
    }

    private long at() {
        return situation.now().toEpochMilli();
    }
}
