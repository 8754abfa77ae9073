package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cluster needs next, from what its members say. Pure.
 *
 * <pre>
 * Creating  -> Verifying -> Ready  <-> Degraded
 *    |             |          |           |
 *    +-------------+--> RollingBack (gone), or Failed if the spec says keep
 * any but RollingBack, on a client's wish: Deleting (gone)
 * </pre>
 *
 * @param missing nodes whose agents are not there, and since when this controller knows
 */
record ClusterPlanner(World world, Map<NodeName, Instant> missing, Timing timing, long epoch, Instant now) {

    Turn turn(Held<ClusterRecord> held, Optional<VerificationResult> verification) {
        ClusterRecord cluster = held.value();
        return switch (cluster.phase()) {
            case CREATING -> creating(held);
            case VERIFYING -> verifying(held, verification);
            case READY ->
                trouble(cluster).<Turn>map(failure -> degrade(held, failure)).orElseGet(() -> watch(cluster));
            case DEGRADED -> degraded(held);
            case FAILED -> new Turn.Wait(Duration.ofHours(1));
            case ROLLING_BACK, DELETING -> new Leaving(this).turn(held);
        };
    }

    private Turn creating(Held<ClusterRecord> held) {
        ClusterRecord cluster = held.value();
        Optional<Failure> trouble = trouble(cluster).or(() -> late(cluster));
        if (trouble.isPresent()) {
            return fail(held, trouble.get());
        }
        if (!cluster.members().stream().allMatch(this::reached)) {
            return watch(cluster);
        }
        if (cluster.spec().verify() == Pattern.OFF) {
            return ready(held, cluster);
        }
        return new Turn.Commit(
                "all nodes are built", List.of(save(held, cluster.enter(ClusterPhase.VERIFYING, now.toEpochMilli()))));
    }

    private Turn verifying(Held<ClusterRecord> held, Optional<VerificationResult> verification) {
        ClusterRecord cluster = held.value();
        Optional<Failure> trouble = trouble(cluster);
        if (trouble.isPresent()) {
            return fail(held, trouble.get());
        }
        if (verification.isEmpty()) {
            return new Turn.Verify();
        }
        return switch (verification.get()) {
            case VerificationResult.CannotVerify cannot -> {
                Failure failure = Failure.of(what(cluster), "cannot verify: " + cannot.why());
                yield fail(
                        held,
                        cannot.node().map(node -> failure.at(node, "verify")).orElse(failure));
            }
            case VerificationResult.Judged judged -> {
                ClusterRecord known = cluster.withVerification(VerificationSummary.of(judged.verdict()));
                yield judged.verdict().ok()
                        ? ready(held, known)
                        : fail(new Held<>(known, held.version()), failure(cluster, judged.verdict()));
            }
        };
    }

    private static Failure failure(ClusterRecord cluster, Verdict verdict) {
        ProbeResult first = verdict.failed().getFirst();
        String why = verdict.failed().size() + " of " + verdict.pairs() + " pairs failed; " + first.a() + " - "
                + first.b() + ": " + first.why();
        NodeName blamed = verdict.suspects().stream()
                .filter(suspect -> suspect.nodes().size() == 1)
                .map(suspect -> suspect.nodes().getFirst())
                .findFirst()
                .orElse(first.a());
        return Failure.of(what(cluster), why).at(blamed, "verify");
    }

    private Turn ready(Held<ClusterRecord> held, ClusterRecord cluster) {
        long at = now.toEpochMilli();
        List<Op> ops = new ArrayList<>();
        ops.add(save(held, cluster.enter(ClusterPhase.READY, at).withRequest(Optional.empty())));
        cluster.request().ifPresent(id -> ops.add(answer(id, new Outcome.Done(at, List.of()))));
        return new Turn.Commit("ready", ops);
    }

    private Turn degraded(Held<ClusterRecord> held) {
        ClusterRecord cluster = held.value();
        if (trouble(cluster).isPresent() || !cluster.members().stream().allMatch(this::reached)) {
            return watch(cluster);
        }
        return new Turn.Commit(
                "whole again",
                List.of(save(
                        held,
                        cluster.enter(ClusterPhase.READY, now.toEpochMilli()).withFailure(Optional.empty()))));
    }

    private Turn degrade(Held<ClusterRecord> held, Failure failure) {
        ClusterRecord next =
                held.value().enter(ClusterPhase.DEGRADED, now.toEpochMilli()).withFailure(Optional.of(failure));
        return new Turn.Commit("degraded: " + failure.why(), List.of(save(held, next)));
    }

    /** Building did not work out. */
    private Turn fail(Held<ClusterRecord> held, Failure failure) {
        ClusterRecord cluster = held.value();
        long at = now.toEpochMilli();
        List<Op> ops = new ArrayList<>();
        if (cluster.spec().onFailure() == OnFailure.KEEP) {
            Failure kept = failure.ending(
                    "what was built is kept, as the spec asks", "scc delete " + cluster.name(), List.of());
            ops.add(save(
                    held,
                    cluster.enter(ClusterPhase.FAILED, at)
                            .withFailure(Optional.of(kept))
                            .withRequest(Optional.empty())));
            cluster.request().ifPresent(id -> ops.add(answer(id, new Outcome.Failed(at, kept))));
        } else {
            ops.add(save(held, cluster.enter(ClusterPhase.ROLLING_BACK, at).withFailure(Optional.of(failure))));
            ops.addAll(Leaving.dismiss(world, cluster, epoch));
        }
        return new Turn.Commit("failed: " + failure.why(), ops);
    }

    /** The first member that says it failed, or that is lost. */
    private Optional<Failure> trouble(ClusterRecord cluster) {
        for (NodeName member : cluster.members()) {
            Optional<NodeStatus.State> answer =
                    Optional.ofNullable(world.nodes().get(member)).flatMap(Node::answer);
            if (answer.isPresent() && answer.get() instanceof NodeStatus.StepFailed failed) {
                return Optional.of(Failure.of(what(cluster), failed.why()).at(member, failed.step()));
            }
            if (lost(member)) {
                return Optional.of(Failure.of(
                                what(cluster),
                                "the node is lost: its agent has been gone for "
                                        + timing.grace().toSeconds() + " s")
                        .at(member, "agent"));
            }
        }
        return Optional.empty();
    }

    private Optional<Failure> late(ClusterRecord cluster) {
        if (since(cluster).compareTo(timing.build()) < 0) {
            return Optional.empty();
        }
        return cluster.members().stream()
                .filter(member -> !reached(member))
                .findFirst()
                .map(member -> Failure.of(
                                what(cluster),
                                "the node has not said that it is built within "
                                        + timing.build().toSeconds() + " s")
                        .at(member, "build"));
    }

    /** Nothing to do before one of the deadlines is over. */
    Turn watch(ClusterRecord cluster) {
        Duration longest = Duration.ofHours(1);
        for (NodeName member : cluster.members()) {
            Instant gone = missing.get(member);
            if (gone != null && !lost(member)) {
                longest = shorter(longest, Duration.between(now, gone.plus(timing.grace())));
            }
        }
        Duration limit = switch (cluster.phase()) {
            case CREATING -> timing.build();
            case ROLLING_BACK, DELETING -> timing.clean();
            case VERIFYING, READY, DEGRADED, FAILED -> Duration.ofDays(36500);
        };
        return new Turn.Wait(shorter(longest, limit.minus(since(cluster))));
    }

    private static Duration shorter(Duration one, Duration other) {
        Duration shorter = one.compareTo(other) < 0 ? one : other;
        return shorter.isPositive() ? shorter : Duration.ofMillis(1);
    }

    Duration since(ClusterRecord cluster) {
        return Duration.between(Instant.ofEpochMilli(cluster.since()), now);
    }

    private boolean reached(NodeName member) {
        return Optional.ofNullable(world.nodes().get(member))
                .flatMap(Node::answer)
                .filter(NodeStatus.Reached.class::isInstance)
                .isPresent();
    }

    boolean lost(NodeName member) {
        Instant gone = missing.get(member);
        return gone != null && !now.isBefore(gone.plus(timing.grace()));
    }

    private static String what(ClusterRecord cluster) {
        return switch (cluster.phase()) {
            case CREATING, VERIFYING, ROLLING_BACK -> "create " + cluster.name();
            case READY, DEGRADED, FAILED -> "serve " + cluster.name();
            case DELETING -> "delete " + cluster.name();
        };
    }

    static Op save(Held<ClusterRecord> held, ClusterRecord next) {
        return new Op.Set(Paths.cluster(next.name()), Json.write(next), held.version());
    }

    static Op answer(String request, Outcome outcome) {
        return new Op.Set(Paths.outcome(request), Json.write(outcome), Op.ANY);
    }
}
