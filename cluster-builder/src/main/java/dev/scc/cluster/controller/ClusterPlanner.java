package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterPhase;
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
import java.util.Set;

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
 * @param members what can be said of nodes, now
 */
record ClusterPlanner(Members members, long epoch) {

    /**
     * The next turn.
     *
     * @param verification its result; empty if there is none, or not yet
     * @param roster of the present revision; empty if it has not been read
     */
    Turn turn(Held<ClusterRecord> held, Optional<VerificationResult> verification, Optional<Roster> roster) {
        ClusterRecord cluster = held.value();
        return switch (cluster.phase()) {
            case CREATING -> new Creation(this, held, roster).building();
            case VERIFYING ->
                cluster.change().isEmpty()
                        ? new Creation(this, held, roster).verifying(verification)
                        : new Changing(this, held, roster).verifying(verification);
            case SCALING, REPAIRING -> new Changing(this, held, roster).building();
            case READY ->
                Blame.serving(members, cluster)
                        .map(blame ->
                                Service.degrade(held, blame.failure(), at()).blaming(blame))
                        .orElseGet(() -> members.watch(cluster));
            case DEGRADED -> new Service(this, held, roster).degraded();
            case FAILED -> new Turn.Wait(Duration.ofHours(1));
            case ROLLING_BACK, DELETING -> new Leaving(this).turn(held);
        };
    }

    World world() {
        return members.world();
    }

    /** Now, in milliseconds since 1970. */
    long at() {
        return members.now().toEpochMilli();
    }

    /** The cluster is to be as its owner wants it; whoever waits for that is told. */
    Turn ready(Held<ClusterRecord> held, ClusterRecord cluster, List<String> left) {
        long at = at();
        List<Change> changes = new ArrayList<>();
        changes.add(save(
                held,
                cluster.enter(ClusterPhase.READY, at)
                        .withRequest(Optional.empty())
                        .withFailure(Optional.empty())
                        .withChange(Optional.empty())
                        .withRefused(Set.of())
                        .withLeaving(members.leaving(cluster))));
        cluster.request().ifPresent(id -> changes.add(answer(id, new Outcome.Done(at, left))));
        return new Turn.Commit(new ClusterMove.Ready(), changes);
    }

    static Failure cannotVerify(ClusterRecord cluster, VerificationResult.CannotVerify cannot) {
        Failure failure = Failure.of(Members.what(cluster), "cannot verify: " + cannot.why());
        return cannot.node().map(node -> failure.at(node, "verify")).orElse(failure);
    }

    static Change save(Held<ClusterRecord> held, ClusterRecord next) {
        return new ClusterChange.Save(held, next);
    }

    static Change answer(String request, Outcome outcome) {
        return new RequestChange.Answer(request, outcome);
    }
}
