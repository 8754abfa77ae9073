package dev.scc.cluster.change;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterLife;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates decisions into one transaction on the tree. It takes effect only while the epoch is the deciding controller's own. */
public final class FencedTransaction {
    private final List<Op> ops = new ArrayList<>();

    /** Thousands of nodes get the same assignment. */
    private final Map<Assignment, String> assignments = new HashMap<>();

    private FencedTransaction() {}

    /**
     * The operations, of which the first is the check of the epoch.
     *
     * @param epoch version of the entry that holds it
     * @throws IllegalStateException if a cluster would change its phase in a way that {@link ClusterLife} does not know
     */
    public static List<Op> of(int epoch, List<Change> changes) {
        FencedTransaction transaction = new FencedTransaction();
        transaction.ops.add(new Op.Check(Paths.EPOCH, epoch));
        changes.forEach(transaction::add);
        return List.copyOf(transaction.ops);
    }

    private void add(Change change) {
        switch (change) {
            case NodeChange node -> add(node);
            case ClusterChange cluster -> add(cluster);
            case NumberChange numbers ->
                set(Paths.POOLS, numbers.next(), numbers.stored().version());
            case RequestChange request -> add(request);
            case JournalChange journal -> add(journal);
            case VpcChange vpc -> add(vpc);
            case PlugChange plugs -> add(plugs);
            case GroupChange group -> add(group);
            case Change.RemoveLeftover(var entries) -> entries.paths().forEach(this::delete);
            case Change.Rely rely -> rely(rely);
        }
    }

    private void add(NodeChange change) {
        switch (change) {
            case NodeChange.Enrol(NodeName node, var machine, long epoch) -> {
                create(Paths.node(node), NodeRecord.enrolled(node, machine));
                create(Paths.assign(node), new Assignment.Free(epoch, 0));
            }
            case NodeChange.ReplaceMachine replace -> {
                rewrite(replace);
                // Not if the one before is back: that something is missing cannot be checked, but it can be made and
                // removed.
                ops.add(new Op.Create(Paths.alive(replace.node()), ""));
                ops.add(new Op.Delete(Paths.alive(replace.node()), 0));
            }
            case NodeChange.Rewrite rewrite -> rewrite(rewrite);
            case NodeChange.Assign(NodeName node, int replaces, Assignment assignment) ->
                ops.add(new Op.Set(Paths.assign(node), assignments.computeIfAbsent(assignment, Json::write), replaces));
            case NodeChange.Forget forget -> {
                String path = Paths.node(forget.node());
                // With whatever else is below, so that an agent that comes back at this moment makes it fail.
                forget.below().forEach(entry -> delete(path + "/" + entry));
                ops.add(new Op.Delete(path, forget.stored().version()));
                ops.add(new Op.Delete(Paths.assign(forget.node()), forget.assignment()));
                if (forget.said()) {
                    delete(Paths.status(forget.node()));
                }
                if (forget.tunnel()) {
                    delete(Paths.tunnel(forget.node()));
                }
            }
        }
    }

    private void rewrite(NodeChange.Rewrite change) {
        set(Paths.node(change.node()), change.next(), change.stored().version());
    }

    private void add(ClusterChange change) {
        switch (change) {
            case ClusterChange.Begin begin -> create(Paths.cluster(begin.cluster()), begin.first());
            case ClusterChange.Save save -> {
                check(save);
                set(Paths.cluster(save.cluster()), save.next(), save.stored().version());
            }
            case ClusterChange.PublishRoster(var roster) -> {
                if (roster.revision() == 1) {
                    ops.add(new Op.Create(Paths.rosters(roster.cluster()), ""));
                }
                create(Paths.roster(roster.cluster(), roster.revision()), roster);
            }
            case ClusterChange.RetireRoster(var cluster, int revision) -> delete(Paths.roster(cluster, revision));
            case ClusterChange.Remove remove -> {
                ClusterRecord cluster = remove.stored().value();
                for (int kept = Math.max(1, cluster.revision() - 1); kept <= cluster.revision(); kept++) {
                    delete(Paths.roster(cluster.name(), kept));
                }
                delete(Paths.rosters(cluster.name()));
                ops.add(new Op.Delete(
                        Paths.cluster(cluster.name()), remove.stored().version()));
            }
        }
    }

    /** A change of phase that is not in the table is a bug of ours: it is not written, whoever planned it. */
    private static void check(ClusterChange.Save save) {
        ClusterLife.objection(Optional.of(save.stored().value()), Optional.of(save.next()))
                .ifPresent(why -> {
                    throw new IllegalStateException(why);
                });
    }

    private void add(RequestChange change) {
        switch (change) {
            case RequestChange.TakeUp(String request, var outcome) -> create(Paths.outcome(request), outcome);
            case RequestChange.Answer(String request, var outcome) -> set(Paths.outcome(request), outcome, Op.ANY);
            case RequestChange.Forget(String request, int outcome) -> {
                ops.add(new Op.Delete(Paths.outcome(request), outcome));
                delete(Paths.request(request));
            }
        }
    }

    private void add(JournalChange change) {
        switch (change) {
            case JournalChange.Tell(int number, var event) -> create(Paths.event(event.epoch(), number), event);
            case JournalChange.Forget(String entry) -> delete(TreeEntry.EVENT.path(entry));
        }
    }

    private void add(VpcChange change) {
        switch (change) {
            case VpcChange.Begin(var vpc) -> create(Paths.vpc(vpc.name()), vpc);
            case VpcChange.Remove(var stored) ->
                ops.add(new Op.Delete(Paths.vpc(stored.value().name()), stored.version()));
            case VpcChange.Hold(var vpc, String entry, var before, var next) ->
                before.ifPresentOrElse(
                        held -> set(Paths.holding(vpc, entry), next, held.version()),
                        () -> create(Paths.holding(vpc, entry), next));
            case VpcChange.Release(var vpc, String entry, var before) ->
                ops.add(new Op.Delete(Paths.holding(vpc, entry), before.version()));
        }
    }

    private void add(PlugChange change) {
        String path = Paths.plugs(change.node());
        switch (change) {
            case PlugChange.Rewire(var _, var before, var next) ->
                before.ifPresentOrElse(held -> set(path, next, held.version()), () -> create(path, next));
            case PlugChange.Forget(var node, var before, boolean said) -> {
                ops.add(new Op.Delete(path, before.version()));
                if (said) {
                    delete(Paths.plugged(node));
                }
            }
        }
    }

    private void add(GroupChange change) {
        switch (change) {
            case GroupChange.Begin(var group, var vpc) -> {
                ops.add(new Op.Check(Paths.vpc(group.vpc()), vpc.version()));
                create(Paths.group(group.name()), group);
            }
            case GroupChange.Rewrite(var stored, var next) -> set(Paths.group(next.name()), next, stored.version());
            case GroupChange.Remove(var stored) ->
                ops.add(new Op.Delete(Paths.group(stored.value().name()), stored.version()));
            case GroupChange.Rely(var stored) ->
                ops.add(new Op.Check(Paths.group(stored.value().name()), stored.version()));
        }
    }

    private void rely(Change.Rely rely) {
        ops.add(new Op.Check(Paths.user(rely.person()), rely.version()));
        String putOut = Paths.revoked(new Principal(Role.USER, rely.person()).toString());
        rely.putOut()
                .ifPresentOrElse(
                        version -> ops.add(new Op.Check(putOut, version)),
                        // He was never put out: that something is missing can be made sure of by making it.
                        () -> {
                            ops.add(new Op.Create(putOut, ""));
                            ops.add(new Op.Delete(putOut, 0));
                        });
    }

    private void create(String path, Object value) {
        ops.add(new Op.Create(path, Json.write(value)));
    }

    private void set(String path, Object value, int version) {
        ops.add(new Op.Set(path, Json.write(value), version));
    }

    private void delete(String path) {
        ops.add(new Op.Delete(path, Op.ANY));
    }
}
