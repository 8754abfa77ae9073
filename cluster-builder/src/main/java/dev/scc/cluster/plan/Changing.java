package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Member;
import dev.scc.cluster.MembershipChange.Kind;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster that has been ready and whose members change. When that does not work out, those who joined are taken out again
 * and the cluster goes on with those who stayed. Pure.
 */
record Changing(ClusterPlanner planner, Held<ClusterRecord> held, Optional<Roster> roster) {

    NextStep building(ClusterRecord.Rebuilding cluster) {
        Situation situation = planner.situation();
        Optional<Blame> trouble = Blame.building(situation, cluster);
        if (trouble.isPresent()) {
            return fail(cluster, trouble.get());
        }
        if (!situation.allReached(cluster)) {
            return situation.watch(cluster);
        }
        LeftBehind left = new LeftBehind();
        for (Member former : situation.leaving(cluster)) {
            Node node = Objects.requireNonNull(planner.world().nodes().get(former.node()));
            Optional<String> givenUp = situation.givenUp(cluster, node);
            if (givenUp.isEmpty()) {
                return situation.watch(cluster);
            }
            left.add(former.node(), givenUp.get());
        }
        return switch (cluster.task().kind()) {
            case SCALE, REPAIR, RETURN ->
                toBeVerified(cluster)
                        ? new NextStep.Commit(
                                new ClusterMove.Built(), List.of(ClusterPlanner.save(held, cluster.built(at()))))
                        : ready(cluster, left.lines());
            case BACK_OUT -> backedOut(cluster, left.lines());
        };
    }

    private NextStep ready(ClusterRecord.Changing cluster, List<String> left) {
        return planner.ready(held, cluster.ready(at(), planner.situation().leaving(cluster)), left);
    }

    /** Members that were in order together and merely have fewer others now need no proof, unless it failed since. */
    private static boolean toBeVerified(ClusterRecord.Changing cluster) {
        return cluster.probed() && (!cluster.task().joining().isEmpty() || !stillProven(cluster));
    }

    private static boolean stillProven(ClusterRecord.Changing cluster) {
        return cluster.task().proven() && !cluster.refuted();
    }

    NextStep verifying(ClusterRecord.Reverifying cluster, Optional<VerificationResult> verification) {
        return planner.verifying(cluster, verification, blame -> fail(cluster, blame), result -> {
            ClusterRecord.Reverifying known = cluster.judged(result.summary());
            return result.ok() ? ready(known, left(cluster)) : fail(known, Blame.of(cluster, result));
        });
    }

    /** Former members that are not proven clean, in words. */
    private List<String> left(ClusterRecord cluster) {
        LeftBehind left = new LeftBehind();
        planner.situation().leaving(cluster).forEach(former -> left.add(former.node(), "not proven clean"));
        return left.lines();
    }

    private NextStep fail(ClusterRecord.Changing cluster, Blame blame) {
        return afterFailure(cluster, blame).blaming(blame);
    }

    private NextStep afterFailure(ClusterRecord.Changing cluster, Blame blame) {
        Kind kind = cluster.task().kind();
        boolean replace = cluster.spec().onFailure() == OnFailure.REPLACE || kind == Kind.REPAIR;
        if (kind == Kind.BACK_OUT || kind == Kind.RETURN) {
            return giveUp(cluster, blame.failure());
        }
        if (roster.isEmpty()) {
            return new NextStep.Read();
        }
        if (replace && !blame.nodes().isEmpty()) {
            Optional<NextStep> replaced = replace(cluster, blame);
            if (replaced.isPresent()) {
                return replaced.get();
            }
        }
        return backOut(cluster, blame);
    }

    private Optional<NextStep> replace(ClusterRecord.Changing cluster, Blame blame) {
        MembershipPlanner.Plan plan = membership()
                .refusing(cluster.refused(), blame.nodes())
                .plan(cluster.spec().nodes(), blame.nodes(), next -> cluster.replace(at(), next, blame.nodes()));
        return plan instanceof MembershipPlanner.Plan.Possible possible
                ? Optional.of(new NextStep.Commit(
                        new ClusterMove.Replaced(
                                blame.nodes(),
                                possible.joining(),
                                Optional.of(blame.failure().why())),
                        possible.changes()))
                : Optional.empty();
    }

    /** Those who joined leave again. */
    private NextStep backOut(ClusterRecord.Changing cluster, Blame blame) {
        Set<NodeName> joined = cluster.task().joining();
        int staying = cluster.members().size() - joined.size();
        if (staying == 0 || joined.isEmpty()) {
            return giveUp(cluster, blame.failure());
        }
        MembershipPlanner.Plan plan = membership()
                .refusing(cluster.refused(), blame.nodes())
                .plan(staying, joined, next -> cluster.backOut(at(), next, blame.failure(), blame.nodes()));
        return switch (plan) {
            case MembershipPlanner.Plan.Possible possible ->
                new NextStep.Commit(
                        new ClusterMove.BackedOut(joined, blame.failure().why()), possible.changes());
            case MembershipPlanner.Plan.Refuse _ -> giveUp(cluster, blame.failure());
        };
    }

    /** Those who joined are out again: the cluster is as it was, or has fewer members than it is meant to have. */
    private NextStep backedOut(ClusterRecord.Changing cluster, List<String> left) {
        Failure failure = cluster.failure()
                .orElseGet(() -> Failure.of(Situation.what(cluster), "the reason has not been recorded"));
        boolean whole =
                cluster.members().size() == cluster.spec().nodes() && (!cluster.probed() || stillProven(cluster));
        Failure told = failure.ending(
                "the nodes that joined were taken out again; the cluster has "
                        + cluster.members().size() + " nodes",
                left.isEmpty()
                        ? failure.next()
                        : "bring the named nodes back; they are not given out before they are clean",
                left);
        return end(
                cluster,
                whole ? new ClusterMove.Restored() : new ClusterMove.Degraded(failure.why()),
                whole
                        ? cluster.ready(at(), planner.situation().leaving(cluster))
                        : cluster.giveUp(at(), told, planner.situation().leaving(cluster)),
                told);
    }

    /** There is nobody to take out: the members are what they are, and one of them is in trouble. */
    private NextStep giveUp(ClusterRecord.Changing cluster, Failure failure) {
        Failure told = failure.ending(
                "the cluster is Degraded",
                "scc scale " + cluster.name() + " --nodes N replaces members that are lost or fail",
                List.of());
        return end(
                cluster,
                new ClusterMove.Degraded(failure.why()),
                cluster.giveUp(at(), told, planner.situation().leaving(cluster)),
                told);
    }

    /** The change is over, and has failed; whoever waits for it is told. */
    private NextStep end(ClusterRecord.Changing cluster, ClusterMove move, ClusterRecord next, Failure told) {
        List<Change> changes = new ArrayList<>();
        changes.add(ClusterPlanner.save(held, next));
        cluster.request().ifPresent(id -> changes.add(ClusterPlanner.answer(id, new Outcome.Failed(at(), told))));
        return new NextStep.Commit(move, changes);
    }

    private MembershipPlanner membership() {
        return new MembershipPlanner(planner.situation(), held, roster.orElseThrow(), planner.epoch());
    }

    private long at() {
        return planner.at();
    }
}
