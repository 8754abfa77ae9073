package dev.scc.cluster.view;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.agent.MeshRpc;
import dev.scc.fabric.mesh.MeshPeer;
import dev.scc.fabric.mesh.MeshSample;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Suspect;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the probes of a cluster's mesh have come to.
 *
 * @param members in the order of the roster
 * @param pairs those of each member with each other, by the member that probes
 * @param suspects in words, what explains the pairs that are broken
 * @param verdicts the same, for programs
 * @param unread members that could not be asked
 */
public record MeshView(
        ClusterName cluster,
        List<Participant> members,
        List<Direction> pairs,
        List<String> suspects,
        List<VerifyView.Suspicion> verdicts,
        List<Unread> unread)
        implements PoolView {
    private static final String ANSWERED = "answered";
    private static final String LOST = "lost";

    public MeshView {
        members = List.copyOf(members);
        pairs = List.copyOf(pairs);
        suspects = List.copyOf(suspects);
        verdicts = List.copyOf(verdicts);
        unread = List.copyOf(unread);
    }

    /**
     * A member.
     *
     * @param packetsPerSecond its budget; 0 if it takes no part
     * @param problem why it cannot take part at the moment; empty if it can
     */
    public record Participant(NodeName node, int packetsPerSecond, Optional<String> problem) {}

    /**
     * One member's probes of another. Figures are of the latest samples, half a SEND/RECV round trip in microseconds; zeros if none
     * of them was answered.
     *
     * @param probes that were answered or lost, since the cluster is on the node
     * @param lost of these
     * @param latencyMicros of the medians of probes
     * @param worstMicros the longest of all round trips
     * @param brokenSince when the first of several that were lost in a row was, such as {@code 2026-05-04T10:20:31.123Z}
     * @param why the latest that was lost or turned away was; empty if there is none among the latest
     * @param latest one by one, the oldest first
     */
    public record Direction(
            NodeName from,
            NodeName to,
            long probes,
            long lost,
            VerifyView.Latency latencyMicros,
            double worstMicros,
            Optional<String> brokenSince,
            String why,
            List<Sample> latest) {
        public Direction {
            latest = List.copyOf(latest);
        }
    }

    /**
     * One probe.
     *
     * @param at when it began, such as {@code 2026-05-04T10:20:31.123Z}
     * @param result {@code answered}, {@code lost} or {@code turned-away}
     * @param micros half of a round trip, median; 0 if it was not answered
     * @param worstMicros the longest
     * @param why it was not answered; empty if it was
     */
    public record Sample(String at, String result, double micros, double worstMicros, String why) {
        /** Whether it was answered. */
        public boolean answered() {
            return result.equals(ANSWERED);
        }

        /** Whether it was lost. */
        public boolean lost() {
            return result.equals(LOST);
        }

        private static Sample of(MeshSample sample) {
            String at = Instant.ofEpochMilli(sample.at()).toString();
            return switch (sample) {
                case MeshSample.Answered answered ->
                    new Sample(at, ANSWERED, answered.micros(), answered.worstMicros(), "");
                case MeshSample.Lost lost -> new Sample(at, LOST, 0, 0, lost.why());
                case MeshSample.TurnedAway turned -> new Sample(at, "turned-away", 0, 0, turned.why());
            };
        }
    }

    /** A member that could not be asked. */
    public record Unread(NodeName node, String why) {}

    /**
     * Makes it from what agents have answered.
     *
     * @param answers by members
     * @param silent why others did not answer
     */
    public static MeshView of(
            ClusterName cluster,
            List<NodeName> members,
            Map<NodeName, MeshRpc.Series> answers,
            Map<NodeName, String> silent) {
        List<Participant> participants = new ArrayList<>();
        List<Direction> pairs = new ArrayList<>();
        List<ProbeResult> results = new ArrayList<>();
        for (NodeName member : members) {
            MeshRpc.Series series = answers.get(member);
            if (series == null) {
                continue;
            }
            participants.add(new Participant(member, series.packetsPerSecond(), series.problem()));
            if (!series.cluster().equals(Optional.of(cluster))) {
                continue;
            }
            // What it says of nodes that are no members is not asked for.
            series.peers().stream()
                    .filter(peer ->
                            members.contains(peer.peer()) && !peer.peer().equals(member))
                    .forEach(peer -> {
                        Direction direction = direction(member, peer);
                        pairs.add(direction);
                        result(direction).ifPresent(results::add);
                    });
        }
        List<Suspect> suspects = results.stream().allMatch(ProbeResult::ok)
                ? List.of()
                : Verdict.judged(Pattern.FULL, results).suspects();
        return new MeshView(
                cluster,
                participants,
                pairs,
                suspects.stream().map(VerificationSummary::words).toList(),
                suspects.stream()
                        .map(suspect -> VerifyView.Suspicion.of(suspect, true))
                        .toList(),
                silent.entrySet().stream()
                        .map(one -> new Unread(one.getKey(), one.getValue()))
                        .toList());
    }

    /** Whether every pair that is probed is reached, and every member was asked. */
    public boolean ok() {
        return unread.isEmpty()
                && pairs.stream().allMatch(pair -> pair.brokenSince().isEmpty());
    }

    private static Direction direction(NodeName from, MeshPeer peer) {
        double[] medians = peer.latest().stream()
                .filter(MeshSample.Answered.class::isInstance)
                .mapToDouble(sample -> ((MeshSample.Answered) sample).micros())
                .sorted()
                .toArray();
        double worst = peer.latest().stream()
                .filter(MeshSample.Answered.class::isInstance)
                .mapToDouble(sample -> ((MeshSample.Answered) sample).worstMicros())
                .max()
                .orElse(0);
        return new Direction(
                from,
                peer.peer(),
                peer.probes(),
                peer.lost(),
                new VerifyView.Latency(percentile(medians, 50), percentile(medians, 99)),
                worst,
                peer.brokenSince().map(at -> Instant.ofEpochMilli(at).toString()),
                why(peer.latest()),
                peer.latest().stream().map(Sample::of).toList());
    }

    private static double percentile(double[] sorted, int percent) {
        if (sorted.length == 0) {
            return 0;
        }
        return sorted[Math.clamp((sorted.length * percent + 99) / 100 - 1L, 0, sorted.length - 1)];
    }

    private static String why(Collection<MeshSample> latest) {
        String why = "";
        for (MeshSample sample : latest) {
            why = switch (sample) {
                case MeshSample.Answered _ -> why;
                case MeshSample.Lost lost -> lost.why();
                case MeshSample.TurnedAway turned -> turned.why();
            };
        }
        return why;
    }

    /** A direction of which nothing is known says nothing for or against anybody. */
    private static Optional<ProbeResult> result(Direction direction) {
        Pair pair = new Pair(direction.from(), direction.to());
        if (direction.brokenSince().isPresent()) {
            return Optional.of(ProbeResult.failed(pair, direction.why()));
        }
        return direction.probes() == 0
                ? Optional.empty()
                : Optional.of(ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING));
    }
}
