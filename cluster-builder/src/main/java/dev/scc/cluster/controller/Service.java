package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.MembershipChange;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Roster;
import dev.scc.cluster.world.Held;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A cluster in use that is not what its owner wants: its members come back, or are replaced if the spec says so. Pure. */
record Service(ClusterPlanner planner, Held<ClusterRecord> held, Optional<Roster> roster) {
    /** A fabric that has failed is not probed more often than this. */
    private static final Duration BETWEEN_VERIFICATIONS = Duration.ofSeconds(60);

    static Turn degrade(Held<ClusterRecord> held, Failure failure, long at) {
        ClusterRecord next =
                held.value().enter(ClusterPhase.DEGRADED, at).withoutPhases().withFailure(Optional.of(failure));
        return new Turn.Commit(new ClusterMove.Degraded(failure.why()), List.of(ClusterPlanner.save(held, next)));
    }

    Turn degraded() {
        ClusterRecord cluster = held.value();
        Members members = planner.members();
        Set<NodeName> troubled = members.troubled(cluster);
        Set<NodeName> drop = new HashSet<>(troubled);
        boolean unverified = cluster.failure()
                .filter(failure -> failure.step().equals(Optional.of("verify")))
                .isPresent();
        if (unverified) {
            cluster.failure()
                    .flatMap(Failure::node)
                    .filter(cluster.members()::contains)
                    .ifPresent(drop::add);
        }
        boolean tooFew = cluster.members().size() < cluster.spec().nodes();
        if (cluster.spec().onFailure() == OnFailure.REPLACE && (tooFew || !drop.isEmpty())) {
            Turn turn = repair(cluster, drop, unverified);
            boolean more = tooFew || !troubled.isEmpty();
            // Nobody can take the place of a member that is only suspected: without it all the others would wait too.
            return turn instanceof Turn.Wait && more && !drop.equals(troubled)
                    ? afterAPause(() -> repair(cluster, troubled, unverified))
                    : turn;
        }
        return tooFew ? members.watch(cluster) : comeBack(cluster, unverified);
    }

    private Turn afterAPause(Supplier<Turn> turn) {
        Duration left = BETWEEN_VERIFICATIONS.minus(planner.members().since(held.value()));
        return left.isPositive() ? new Turn.Wait(left) : turn.get();
    }

    private Turn repair(ClusterRecord cluster, Set<NodeName> drop, boolean unverified) {
        if (roster.isEmpty()) {
            return new Turn.Read();
        }
        Set<NodeName> refused = new HashSet<>(cluster.refused());
        refused.addAll(drop);
        MembershipPlanner membership = new MembershipPlanner(planner.members(), held, roster.get(), planner.epoch());
        return switch (membership.plan(
                cluster.spec().nodes(),
                drop,
                joining -> cluster.enter(ClusterPhase.REPAIRING, at())
                        .withRefused(refused)
                        .withChange(Optional.of(new MembershipChange(
                                MembershipChange.Kind.REPAIR,
                                joining,
                                cluster.spec().nodes(),
                                false))))) {
            case MembershipPlanner.Plan.Other change ->
                new Turn.Commit(new ClusterMove.Replaced(drop, change.joining(), Optional.empty()), change.changes());
            case MembershipPlanner.Plan.Refuse refuse -> waitForReplacement(cluster, refuse.why(), unverified);
        };
    }

    /** Says once why nobody takes a lost member's place. */
    private Turn waitForReplacement(ClusterRecord cluster, String why, boolean unverified) {
        String told = "waiting for a replacement: " + why;
        Failure failure = cluster.failure().orElseGet(() -> Failure.of(Members.what(cluster), "members are missing"));
        if (!failure.done().equals(told)) {
            return new Turn.Commit(
                    new ClusterMove.Waiting(why),
                    List.of(ClusterPlanner.save(
                            held, cluster.withFailure(Optional.of(failure.ending(told, "", List.of()))))));
        }
        return cluster.members().size() < cluster.spec().nodes()
                ? planner.members().watch(cluster)
                : comeBack(cluster, unverified);
    }

    /** Back in use once all members are there again and the fabric has been shown to work. */
    private Turn comeBack(ClusterRecord cluster, boolean unverified) {
        Members members = planner.members();
        if (members.trouble(cluster).isPresent() || !members.allReached(cluster)) {
            return members.watch(cluster);
        }
        if (cluster.spec().verify() == Pattern.OFF) {
            return planner.ready(held, cluster, List.of());
        }
        Duration left = BETWEEN_VERIFICATIONS.minus(members.since(cluster));
        if (unverified && left.isPositive()) {
            return new Turn.Wait(left);
        }
        MembershipChange change = new MembershipChange(
                MembershipChange.Kind.RETURN, Set.of(), cluster.spec().nodes(), false);
        return new Turn.Commit(
                new ClusterMove.WholeAgain(),
                List.of(ClusterPlanner.save(
                        held, cluster.enter(ClusterPhase.VERIFYING, at()).withChange(Optional.of(change)))));
    }

    private long at() {
        return planner.at();
    }
}
