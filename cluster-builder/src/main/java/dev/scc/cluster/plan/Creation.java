package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cluster that has never been ready: it is built and verified, or what the spec says becomes of it. Pure. */
record Creation(ClusterPlanner planner, Held<ClusterRecord> held, Optional<Roster> roster) {

    NextStep building(ClusterRecord.Creating cluster) {
        Situation situation = planner.situation();
        Optional<Blame> trouble = Blame.building(situation, cluster);
        if (trouble.isPresent()) {
            return fail(cluster, trouble.get());
        }
        if (!situation.allReached(cluster)) {
            return situation.watch(cluster);
        }
        if (!cluster.probed()) {
            return ready(cluster);
        }
        return new NextStep.Commit(new ClusterMove.Built(), List.of(ClusterPlanner.save(held, cluster.built(at()))));
    }

    NextStep verifying(ClusterRecord.Verifying cluster, Optional<VerificationResult> verification) {
        return planner.verifying(cluster, verification, blame -> fail(cluster, blame), result -> {
            ClusterRecord.Verifying known = cluster.judged(result.summary());
            return result.ok() ? ready(known) : fail(known, Blame.of(cluster, result));
        });
    }

    private NextStep ready(ClusterRecord.New cluster) {
        return planner.ready(held, cluster.ready(at(), planner.situation().leaving(cluster)), List.of());
    }

    private NextStep fail(ClusterRecord.New cluster, Blame blame) {
        NextStep step = switch (cluster.spec().onFailure()) {
            case KEEP -> keep(cluster, blame.failure());
            case ROLLBACK -> rollBack(cluster, blame.failure());
            case REPLACE -> replace(cluster, blame);
        };
        return step.blaming(blame);
    }

    private NextStep keep(ClusterRecord.New cluster, Failure failure) {
        Failure kept =
                failure.ending("what was built is kept, as the spec asks", "scc delete " + cluster.name(), List.of());
        return new NextStep.Commit(
                new ClusterMove.Failed(failure.why()),
                List.of(
                        ClusterPlanner.save(held, cluster.keep(at(), kept)),
                        ClusterPlanner.answer(cluster.waiting(), new Outcome.Failed(at(), kept))));
    }

    private NextStep rollBack(ClusterRecord.New cluster, Failure failure) {
        List<Change> changes = new ArrayList<>();
        changes.add(ClusterPlanner.save(held, cluster.rollBack(at(), failure)));
        changes.addAll(Leaving.dismiss(planner.world(), cluster, planner.epoch()));
        return new NextStep.Commit(new ClusterMove.RolledBack(failure.why()), changes);
    }

    private NextStep replace(ClusterRecord.New cluster, Blame blame) {
        if (blame.nodes().isEmpty()) {
            return rollBack(cluster, blame.failure().adding("it is not known which node to replace"));
        }
        if (roster.isEmpty()) {
            return new NextStep.Read();
        }
        MembershipPlanner membership = new MembershipPlanner(planner.situation(), held, roster.get(), planner.epoch());
        return switch (membership
                .refusing(cluster.refused(), blame.nodes())
                .plan(cluster.spec().nodes(), blame.nodes(), next -> cluster.replace(at(), next, blame.nodes()))) {
            case MembershipPlanner.Plan.Possible possible ->
                new NextStep.Commit(
                        new ClusterMove.Replaced(
                                blame.nodes(),
                                possible.joining(),
                                Optional.of(blame.failure().why())),
                        possible.changes());
            case MembershipPlanner.Plan.Refuse refuse ->
                rollBack(cluster, blame.failure().adding("no other node could take its place: " + refuse.why()));
        };
    }

    private long at() {
        return planner.at();
    }
}
