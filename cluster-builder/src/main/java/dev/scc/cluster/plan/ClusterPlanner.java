package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a cluster needs next, from what its members say. Pure.
 *
 * <pre>
 * Creating  -> Verifying -> Ready  <-> Degraded -> Repairing -> Verifying -> Ready
 *    |             |          |
 *    +-------------+          +-> Scaling -> Verifying -> Ready
 *    |
 *    +--> RollingBack (gone), or Failed if the spec says keep, or Creating with other nodes if it says replace
 * any but RollingBack, on a client's wish: Deleting (gone)
 * </pre>
 *
 * @param situation what can be said of nodes, now
 */
public record ClusterPlanner(Situation situation, long epoch) {

    /**
     * Plans it.
     *
     * @param verification its result; empty if there is none, or not yet
     * @param roster of the present revision; empty if it has not been read
     */
    public NextStep next(Held<ClusterRecord> held, Optional<VerificationResult> verification, Optional<Roster> roster) {
        return switch (held.value()) {
            case ClusterRecord.Creating creating -> new Creation(this, held, roster).building(creating);
            case ClusterRecord.Verifying verifying ->
                new Creation(this, held, roster).verifying(verifying, verification);
            case ClusterRecord.Rebuilding rebuilding -> new Changing(this, held, roster).building(rebuilding);
            case ClusterRecord.Reverifying verifying ->
                new Changing(this, held, roster).verifying(verifying, verification);
            case ClusterRecord.Ready ready ->
                Blame.serving(situation, ready)
                        .map(blame -> degrade(held, ready, blame))
                        .orElseGet(() -> situation.watch(ready));
            case ClusterRecord.Degraded degraded -> new Recovery(this, held, roster).degraded(degraded);
            case ClusterRecord.Failed _ -> new NextStep.Wait(Duration.ofHours(1));
            case ClusterRecord.Leaving leaving -> new Leaving(this).next(held.as(leaving));
        };
    }

    private NextStep degrade(Held<ClusterRecord> held, ClusterRecord.Ready ready, Blame blame) {
        Failure failure = blame.failure();
        return new NextStep.Commit(
                        new ClusterMove.Degraded(failure.why()), List.of(save(held, ready.degrade(at(), failure))))
                .blaming(blame);
    }

    World world() {
        return situation.world();
    }

    /** Now, in milliseconds since 1970. */
    long at() {
        return situation.now().toEpochMilli();
    }

    /**
     * All members are built, and the fabric and the VPC between them are probed.
     *
     * @param verification its result; empty if there is none yet
     * @param fail what is done if that cannot go on
     * @param judged what is done when that has been done
     */
    NextStep verifying(
            ClusterRecord cluster,
            Optional<VerificationResult> verification,
            Function<Blame, NextStep> fail,
            Function<VerificationResult.Judged, NextStep> judged) {
        Optional<Blame> trouble = Blame.serving(situation, cluster);
        if (trouble.isPresent()) {
            return fail.apply(trouble.get());
        }
        if (verification.isEmpty()) {
            return new NextStep.Verify();
        }
        return switch (verification.get()) {
            case VerificationResult.CannotVerify cannot -> fail.apply(Blame.of(cluster, cannot));
            case VerificationResult.Judged result -> judged.apply(result);
        };
    }

    /** The cluster is as its owner wants it; whoever waits for that is told. */
    NextStep ready(Held<ClusterRecord> held, ClusterRecord.Ready ready, List<String> left) {
        List<Change> changes = new ArrayList<>();
        changes.add(save(held, ready));
        held.value().request().ifPresent(id -> changes.add(answer(id, new Outcome.Done(at(), left))));
        return new NextStep.Commit(new ClusterMove.Ready(), changes);
    }

    static Failure cannotVerify(ClusterRecord cluster, VerificationResult.CannotVerify cannot) {
        Failure failure = Failure.of(Situation.what(cluster), "cannot verify: " + cannot.why());
        return cannot.node()
                .map(node -> failure.at(node, new Failure.Verification()))
                .orElseGet(() -> failure.in(new Failure.Verification()));
    }

    static Change save(Held<ClusterRecord> held, ClusterRecord next) {
        return new ClusterChange.Save(held, next);
    }

    static Change answer(String request, Outcome outcome) {
        return new RequestChange.Answer(request, outcome);
    }
}
