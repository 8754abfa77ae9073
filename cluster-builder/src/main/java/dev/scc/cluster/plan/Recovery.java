package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Roster;
import dev.scc.cluster.world.Held;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A cluster in use that is not what its owner wants: its members come back, or are replaced if the spec says so. Pure. */
record Recovery(ClusterPlanner planner, Held<ClusterRecord> held, Optional<Roster> roster) {
    /** A fabric that has failed is not probed more often than this. */
    private static final Duration BETWEEN_VERIFICATIONS = Duration.ofSeconds(60);

    NextStep degraded(ClusterRecord.Degraded cluster) {
        Situation situation = planner.situation();
        Set<NodeName> troubled = situation.troubled(cluster);
        Set<NodeName> drop = new HashSet<>(troubled);
        if (cluster.cause().ofVerification()) {
            cluster.cause().node().filter(cluster.members()::contains).ifPresent(drop::add);
        }
        boolean tooFew = tooFew(cluster);
        if (cluster.spec().onFailure() == OnFailure.REPLACE && (tooFew || !drop.isEmpty())) {
            NextStep step = repair(cluster, drop);
            boolean more = tooFew || !troubled.isEmpty();
            // Nobody can take the place of a member that is only suspected: without it all the others would wait too.
            return step instanceof NextStep.Wait && more && !drop.equals(troubled)
                    ? afterAPause(() -> repair(cluster, troubled))
                    : step;
        }
        return comeBack(cluster);
    }

    private NextStep afterAPause(Supplier<NextStep> step) {
        Duration left = BETWEEN_VERIFICATIONS.minus(planner.situation().since(held.value()));
        return left.isPositive() ? new NextStep.Wait(left) : step.get();
    }

    private NextStep repair(ClusterRecord.Degraded cluster, Set<NodeName> drop) {
        if (roster.isEmpty()) {
            return new NextStep.Read();
        }
        MembershipPlanner membership = new MembershipPlanner(planner.situation(), held, roster.get(), planner.epoch());
        return switch (membership
                .refusing(cluster.refused(), drop)
                .plan(cluster.spec().nodes(), drop, next -> cluster.repair(at(), next, drop))) {
            case MembershipPlanner.Plan.Possible possible ->
                new NextStep.Commit(
                        new ClusterMove.Replaced(drop, possible.joining(), Optional.empty()), possible.changes());
            case MembershipPlanner.Plan.Refuse refuse -> waitForReplacement(cluster, refuse.why());
        };
    }

    /** Says once why nobody takes a lost member's place. */
    private NextStep waitForReplacement(ClusterRecord.Degraded cluster, String why) {
        Failure told = cluster.cause().ending("waiting for a replacement: " + why, "", List.of());
        if (!told.equals(cluster.cause())) {
            return new NextStep.Commit(
                    new ClusterMove.Waiting(why), List.of(ClusterPlanner.save(held, cluster.telling(told))));
        }
        return comeBack(cluster);
    }

    private static boolean tooFew(ClusterRecord cluster) {
        return cluster.members().size() < cluster.spec().nodes();
    }

    /** Back in use once all members are there again and the fabric has been shown to work. */
    private NextStep comeBack(ClusterRecord.Degraded cluster) {
        Situation situation = planner.situation();
        if (tooFew(cluster) || situation.trouble(cluster).isPresent() || !situation.allReached(cluster)) {
            return situation.watch(cluster);
        }
        if (!cluster.probed()) {
            return planner.ready(held, cluster.ready(at(), situation.leaving(cluster)), List.of());
        }
        Duration left = BETWEEN_VERIFICATIONS.minus(situation.since(cluster));
        if (cluster.cause().ofVerification() && left.isPositive()) {
            return new NextStep.Wait(left);
        }
        return new NextStep.Commit(
                new ClusterMove.WholeAgain(), List.of(ClusterPlanner.save(held, cluster.whole(at()))));
    }

    private long at() {
        return planner.at();
    }
}
