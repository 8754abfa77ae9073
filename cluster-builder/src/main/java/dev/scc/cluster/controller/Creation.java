package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Held;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A cluster that has never been ready: it is built and verified, or what the spec says becomes of it. Pure. */
record Creation(ClusterPlanner planner, Held<ClusterRecord> held, Optional<Roster> roster) {

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
        if (cluster.spec().verify() == Pattern.OFF) {
            return planner.ready(held, cluster, List.of());
        }
        return new Turn.Commit(
                new ClusterMove.Built(),
                List.of(ClusterPlanner.save(held, cluster.enter(ClusterPhase.VERIFYING, at()))));
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
                        ? planner.ready(held, known, List.of())
                        : fail(known, Blame.of(cluster, judged.verdict()));
            }
        };
    }

    private Turn fail(ClusterRecord cluster, Blame blame) {
        Turn turn = switch (cluster.spec().onFailure()) {
            case KEEP -> keep(cluster, blame.failure());
            case ROLLBACK -> rollBack(cluster, blame.failure());
            case REPLACE -> replace(cluster, blame);
        };
        return turn.blaming(blame);
    }

    private Turn keep(ClusterRecord cluster, Failure failure) {
        Failure kept =
                failure.ending("what was built is kept, as the spec asks", "scc delete " + cluster.name(), List.of());
        List<Change> changes = new ArrayList<>();
        changes.add(ClusterPlanner.save(
                held,
                cluster.enter(ClusterPhase.FAILED, at())
                        .withFailure(Optional.of(kept))
                        .withRequest(Optional.empty())));
        cluster.request().ifPresent(id -> changes.add(ClusterPlanner.answer(id, new Outcome.Failed(at(), kept))));
        return new Turn.Commit(new ClusterMove.Failed(failure.why()), changes);
    }

    private Turn rollBack(ClusterRecord cluster, Failure failure) {
        List<Change> changes = new ArrayList<>();
        changes.add(ClusterPlanner.save(
                held, cluster.enter(ClusterPhase.ROLLING_BACK, at()).withFailure(Optional.of(failure))));
        changes.addAll(Leaving.dismiss(planner.world(), cluster, planner.epoch()));
        return new Turn.Commit(new ClusterMove.RolledBack(failure.why()), changes);
    }

    private Turn replace(ClusterRecord cluster, Blame blame) {
        if (blame.nodes().isEmpty()) {
            return rollBack(cluster, because(blame.failure(), "it is not known which node to replace"));
        }
        if (roster.isEmpty()) {
            return new Turn.Read();
        }
        Set<NodeName> refused = new HashSet<>(cluster.refused());
        refused.addAll(blame.nodes());
        ClusterRecord next = cluster.enter(ClusterPhase.CREATING, at()).withRefused(refused);
        return switch (new MembershipPlanner(planner.members(), held, roster.get(), planner.epoch())
                .plan(cluster.spec().nodes(), blame.nodes(), _ -> next)) {
            case MembershipPlanner.Plan.Other change ->
                new Turn.Commit(
                        new ClusterMove.Replaced(
                                blame.nodes(),
                                change.joining(),
                                Optional.of(blame.failure().why())),
                        change.changes());
            case MembershipPlanner.Plan.Refuse refuse ->
                rollBack(cluster, because(blame.failure(), "no other node could take its place: " + refuse.why()));
        };
    }

    private static Failure because(Failure failure, String addition) {
        return new Failure(
                failure.what(),
                failure.node(),
                failure.step(),
                failure.why() + "; " + addition,
                failure.done(),
                failure.next(),
                failure.left());
    }

    private long at() {
        return planner.at();
    }
}
