package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cluster as the controller drives it.
 *
 * @param revision of its roster, from 1
 * @param since when this phase began, in milliseconds since 1970
 * @param phases those that are over, the latest of them
 * @param request id of the client request that waits for the end of this phase's work
 * @param failure what made it fail or degrade
 * @param leaving former members that may carry the cluster's networks still; their addresses are not given to others
 * @param refused nodes that failed in this cluster and are not taken again before it is ready
 * @param change what is being done to its members; empty while it is created, and when nothing is
 */
public record ClusterRecord(
        ClusterSpec spec,
        ClusterPhase phase,
        int revision,
        int network,
        List<NodeName> members,
        long since,
        List<PhaseTime> phases,
        Optional<VerificationSummary> verification,
        Optional<String> request,
        Optional<Failure> failure,
        List<Member> leaving,
        Set<NodeName> refused,
        Optional<MembershipChange> change) {
    private static final int PHASES_KEPT = 32;

    public ClusterRecord {
        members = List.copyOf(members);
        phases = List.copyOf(phases);
        leaving = List.copyOf(leaving);
        refused = Collections.unmodifiableSet(new TreeSet<>(refused));
    }

    /** A cluster whose nodes have just been assigned. {@code now} is in milliseconds since 1970. */
    public static ClusterRecord begun(ClusterSpec spec, int network, List<NodeName> members, long now, String request) {
        return new ClusterRecord(
                spec,
                ClusterPhase.CREATING,
                1,
                network,
                members,
                now,
                List.of(),
                Optional.empty(),
                Optional.of(request),
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty());
    }

    public ClusterName name() {
        return spec.name();
    }

    /** Whether a pair of its present members failed in its latest verification. */
    public boolean refuted() {
        return verification.stream()
                .flatMap(summary -> summary.failed().stream())
                .anyMatch(pair -> members.contains(pair.a()) && members.contains(pair.b()));
    }

    /** In another phase from {@code now} on, which is in milliseconds since 1970. */
    public ClusterRecord enter(ClusterPhase next, long now) {
        List<PhaseTime> over = new ArrayList<>(phases);
        over.add(new PhaseTime(phase.toString(), Math.max(0, now - since)));
        if (over.size() > PHASES_KEPT) {
            over.removeFirst();
        }
        return new ClusterRecord(
                spec,
                next,
                revision,
                network,
                members,
                now,
                over,
                verification,
                request,
                failure,
                leaving,
                refused,
                change);
    }

    /** The phases of another undertaking begin: those of earlier ones are forgotten. */
    public ClusterRecord withoutPhases() {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                List.of(),
                verification,
                request,
                failure,
                leaving,
                refused,
                change);
    }

    public ClusterRecord withSpec(ClusterSpec wanted) {
        return new ClusterRecord(
                wanted,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                verification,
                request,
                failure,
                leaving,
                refused,
                change);
    }

    /** With another roster: the next revision, with these members. */
    public ClusterRecord withMembers(List<NodeName> others, List<Member> stillLeaving) {
        return new ClusterRecord(
                spec,
                phase,
                revision + 1,
                network,
                others,
                since,
                phases,
                verification,
                request,
                failure,
                stillLeaving,
                refused,
                change);
    }

    public ClusterRecord withLeaving(List<Member> stillLeaving) {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                verification,
                request,
                failure,
                stillLeaving,
                refused,
                change);
    }

    public ClusterRecord withRefused(Set<NodeName> nodes) {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                verification,
                request,
                failure,
                leaving,
                nodes,
                change);
    }

    public ClusterRecord withChange(Optional<MembershipChange> next) {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                verification,
                request,
                failure,
                leaving,
                refused,
                next);
    }

    public ClusterRecord withVerification(VerificationSummary summary) {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                Optional.of(summary),
                request,
                failure,
                leaving,
                refused,
                change);
    }

    public ClusterRecord withRequest(Optional<String> id) {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                verification,
                id,
                failure,
                leaving,
                refused,
                change);
    }

    public ClusterRecord withFailure(Optional<Failure> what) {
        return new ClusterRecord(
                spec,
                phase,
                revision,
                network,
                members,
                since,
                phases,
                verification,
                request,
                what,
                leaving,
                refused,
                change);
    }
}
