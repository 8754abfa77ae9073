package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
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

    Turn degraded(ClusterRecord.Degraded cluster) {
        Members members = planner.members();
        Set<NodeName> troubled = members.troubled(cluster);
        Set<NodeName> drop = new HashSet<>(troubled);
        if (cluster.cause().ofVerification()) {
            cluster.cause().node().filter(cluster.members()::contains).ifPresent(drop::add);
        }
        boolean tooFew = cluster.members().size() < cluster.spec().nodes();
        if (cluster.spec().onFailure() == OnFailure.REPLACE && (tooFew || !drop.isEmpty())) {
            Turn turn = repair(cluster, drop);
            boolean more = tooFew || !troubled.isEmpty();
            // Nobody can take the place of a member that is only suspected: without it all the others would wait too.
            return turn instanceof Turn.Wait && more && !drop.equals(troubled)
                    ? afterAPause(() -> repair(cluster, troubled))
                    : turn;
        }
        return tooFew ? members.watch(cluster) : comeBack(cluster);
    }

    private Turn afterAPause(Supplier<Turn> turn) {
        Duration left = BETWEEN_VERIFICATIONS.minus(planner.members().since(held.value()));
        return left.isPositive() ? new Turn.Wait(left) : turn.get();
    }

    private Turn repair(ClusterRecord.Degraded cluster, Set<NodeName> drop) {
        if (roster.isEmpty()) {
            return new Turn.Read();
        }
        MembershipPlanner membership = new MembershipPlanner(planner.members(), held, roster.get(), planner.epoch());
        return switch (membership
                .refusing(cluster.refused(), drop)
                .plan(cluster.spec().nodes(), drop, next -> cluster.repair(at(), next, drop))) {
            case MembershipPlanner.Plan.Possible possible ->
                new Turn.Commit(
                        new ClusterMove.Replaced(drop, possible.joining(), Optional.empty()), possible.changes());
            case MembershipPlanner.Plan.Refuse refuse -> waitForReplacement(cluster, refuse.why());
        };
    }

    /** Says once why nobody takes a lost member's place. */
    private Turn waitForReplacement(ClusterRecord.Degraded cluster, String why) {
        Failure told = cluster.cause().ending("waiting for a replacement: " + why, "", List.of());
        if (!told.equals(cluster.cause())) {
            return new Turn.Commit(
                    new ClusterMove.Waiting(why), List.of(ClusterPlanner.save(held, cluster.telling(told))));
        }
        return cluster.members().size() < cluster.spec().nodes()
                ? planner.members().watch(cluster)
                : comeBack(cluster);
    }

    /** Back in use once all members are there again and the fabric has been shown to work. */
    private Turn comeBack(ClusterRecord.Degraded cluster) {
        Members members = planner.members();
        if (members.trouble(cluster).isPresent() || !members.allReached(cluster)) {
            return members.watch(cluster);
        }
        if (cluster.spec().verify() == Pattern.OFF) {
            return planner.ready(held, cluster.ready(at(), members.leaving(cluster)), List.of());
        }
        Duration left = BETWEEN_VERIFICATIONS.minus(members.since(cluster));
        if (cluster.cause().ofVerification() && left.isPositive()) {
            return new Turn.Wait(left);
        }
        return new Turn.Commit(new ClusterMove.WholeAgain(), List.of(ClusterPlanner.save(held, cluster.whole(at()))));
    }

    private long at() {
        return planner.at();
    }
}
