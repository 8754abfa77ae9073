package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Member;
import dev.scc.cluster.MembershipChange;
import dev.scc.cluster.MembershipChange.Kind;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster that has been ready and whose members change. When that does not work out, those who joined are taken out again
 * and the cluster goes on with those who stayed. Pure.
 */
record Changing(ClusterPlanner planner, Held<ClusterRecord> held, Optional<Roster> roster) {

    Turn building() {
        ClusterRecord cluster = held.value();
        Members members = planner.members();
        Optional<Blame> trouble = Blame.building(members, cluster);
        if (trouble.isPresent()) {
            return fail(cluster, trouble.get());
        }
        if (!members.allReached(cluster)) {
            return members.watch(cluster);
        }
        LeftBehind left = new LeftBehind();
        for (Member former : members.leaving(cluster)) {
            Node node = Objects.requireNonNull(planner.world().nodes().get(former.node()));
            Optional<String> givenUp = members.givenUp(cluster, node);
            if (givenUp.isEmpty()) {
                return members.watch(cluster);
            }
            left.add(former.node(), givenUp.get());
        }
        return switch (change().kind()) {
            case SCALE, REPAIR, RETURN ->
                toBeVerified(cluster)
                        ? new Turn.Commit(
                                new ClusterMove.Built(),
                                List.of(ClusterPlanner.save(held, cluster.enter(ClusterPhase.VERIFYING, at()))))
                        : planner.ready(held, cluster, left.lines());
            case BACK_OUT -> backedOut(cluster, left.lines());
        };
    }

    /** Members that were in order together and merely have fewer others now need no proof, unless it failed since. */
    private boolean toBeVerified(ClusterRecord cluster) {
        return cluster.spec().verify() != Pattern.OFF && (!change().joining().isEmpty() || !stillProven(cluster));
    }

    private boolean stillProven(ClusterRecord cluster) {
        return change().proven() && !cluster.refuted();
    }

    Turn verifying(Optional<VerificationResult> verification) {
        ClusterRecord cluster = held.value();
        Optional<Blame> trouble = Blame.serving(planner.members(), cluster);
        if (trouble.isPresent()) {
            return fail(cluster, trouble.get());
        }
        if (verification.isEmpty()) {
            return new Turn.Verify();
        }
        return switch (verification.get()) {
            case VerificationResult.CannotVerify cannot -> fail(cluster, Blame.of(cluster, cannot));
            case VerificationResult.Judged judged -> {
                ClusterRecord known = cluster.withVerification(VerificationSummary.of(judged.verdict()));
                yield judged.verdict().ok()
                        ? planner.ready(held, known, left(cluster))
                        : fail(known, Blame.of(cluster, judged.verdict()));
            }
        };
    }

    /** Former members that are not proven clean, in words. */
    private List<String> left(ClusterRecord cluster) {
        LeftBehind left = new LeftBehind();
        planner.members().leaving(cluster).forEach(former -> left.add(former.node(), "not proven clean"));
        return left.lines();
    }

    private Turn fail(ClusterRecord cluster, Blame blame) {
        return afterFailure(cluster, blame).blaming(blame);
    }

    private Turn afterFailure(ClusterRecord cluster, Blame blame) {
        boolean replace = cluster.spec().onFailure() == OnFailure.REPLACE || change().kind() == Kind.REPAIR;
        if (change().kind() == Kind.BACK_OUT || change().kind() == Kind.RETURN) {
            return giveUp(cluster, blame.failure());
        }
        if (roster.isEmpty()) {
            return new Turn.Read();
        }
        if (replace && !blame.nodes().isEmpty()) {
            Optional<Turn> replaced = replace(cluster, blame);
            if (replaced.isPresent()) {
                return replaced.get();
            }
        }
        return backOut(cluster, blame);
    }

    private Optional<Turn> replace(ClusterRecord cluster, Blame blame) {
        Set<NodeName> refused = refused(cluster, blame);
        ClusterPhase phase = change().kind() == Kind.REPAIR ? ClusterPhase.REPAIRING : ClusterPhase.SCALING;
        MembershipPlanner.Plan plan = membership().plan(cluster.spec().nodes(), blame.nodes(), joining -> {
            Set<NodeName> all = new HashSet<>(change().joining());
            all.removeAll(blame.nodes());
            all.addAll(joining);
            return cluster.enter(phase, at())
                    .withRefused(refused)
                    .withChange(Optional.of(
                            new MembershipChange(change().kind(), all, change().before(), change().proven())));
        });
        return plan instanceof MembershipPlanner.Plan.Other change
                ? Optional.of(new Turn.Commit(
                        new ClusterMove.Replaced(
                                blame.nodes(),
                                change.joining(),
                                Optional.of(blame.failure().why())),
                        change.changes()))
                : Optional.empty();
    }

    /** Those who joined leave again. */
    private Turn backOut(ClusterRecord cluster, Blame blame) {
        int staying = cluster.members().size() - change().joining().size();
        if (staying == 0 || change().joining().isEmpty()) {
            return giveUp(cluster, blame.failure());
        }
        MembershipPlanner.Plan plan = membership()
                .plan(
                        staying,
                        change().joining(),
                        _ -> cluster.enter(ClusterPhase.SCALING, at())
                                .withSpec(cluster.spec().withNodes(change().before()))
                                .withFailure(Optional.of(blame.failure()))
                                .withRefused(refused(cluster, blame))
                                .withChange(Optional.of(new MembershipChange(
                                        Kind.BACK_OUT, Set.of(), change().before(), change().proven()))));
        return switch (plan) {
            case MembershipPlanner.Plan.Other change ->
                new Turn.Commit(
                        new ClusterMove.BackedOut(
                                change().joining(), blame.failure().why()),
                        change.changes());
            case MembershipPlanner.Plan.Refuse _ -> giveUp(cluster, blame.failure());
        };
    }

    private static Set<NodeName> refused(ClusterRecord cluster, Blame blame) {
        Set<NodeName> refused = new HashSet<>(cluster.refused());
        refused.addAll(blame.nodes());
        return refused;
    }

    /** Those who joined are out again: the cluster is as it was, or has fewer members than it is meant to have. */
    private Turn backedOut(ClusterRecord cluster, List<String> left) {
        Failure failure = cluster.failure()
                .orElseGet(() -> Failure.of(Members.what(cluster), "the reason has not been recorded"));
        boolean whole = cluster.members().size() == cluster.spec().nodes()
                && (cluster.spec().verify() == Pattern.OFF || stillProven(cluster));
        Failure told = failure.ending(
                "the nodes that joined were taken out again; the cluster has "
                        + cluster.members().size() + " nodes",
                left.isEmpty() ? "" : "bring the named nodes back; they are not given out before they are clean",
                left);
        long at = at();
        List<Change> changes = new ArrayList<>();
        changes.add(ClusterPlanner.save(
                held,
                cluster.enter(whole ? ClusterPhase.READY : ClusterPhase.DEGRADED, at)
                        .withRequest(Optional.empty())
                        .withFailure(whole ? Optional.empty() : Optional.of(told))
                        .withRefused(whole ? Set.of() : cluster.refused())
                        .withLeaving(planner.members().leaving(cluster))
                        .withChange(Optional.empty())));
        cluster.request().ifPresent(id -> changes.add(ClusterPlanner.answer(id, new Outcome.Failed(at, told))));
        return new Turn.Commit(whole ? new ClusterMove.Restored() : new ClusterMove.Degraded(failure.why()), changes);
    }

    /** There is nobody to take out: the members are what they are, and one of them is in trouble. */
    private Turn giveUp(ClusterRecord cluster, Failure failure) {
        Failure told = failure.ending(
                "the cluster is Degraded",
                "scc scale " + cluster.name() + " --nodes N replaces members that are lost or fail",
                List.of());
        long at = at();
        List<Change> changes = new ArrayList<>();
        changes.add(ClusterPlanner.save(
                held,
                cluster.enter(ClusterPhase.DEGRADED, at)
                        .withRequest(Optional.empty())
                        .withFailure(Optional.of(told))
                        .withLeaving(planner.members().leaving(cluster))
                        .withChange(Optional.empty())));
        cluster.request().ifPresent(id -> changes.add(ClusterPlanner.answer(id, new Outcome.Failed(at, told))));
        return new Turn.Commit(new ClusterMove.Degraded(failure.why()), changes);
    }

    private MembershipPlanner membership() {
        return new MembershipPlanner(planner.members(), held, roster.orElseThrow(), planner.epoch());
    }

    private MembershipChange change() {
        return held.value().change().orElseThrow();
    }

    private long at() {
        return planner.at();
    }
}
