package dev.scc.cluster;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cluster as the controller drives it.
 *
 * @param revision of its roster, from 1
 * @param since when this phase began, in milliseconds since 1970
 * @param phases those that are over
 * @param request id of the client request that waits for the end of this phase's work
 * @param failure what made it fail or degrade
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
        Optional<Failure> failure) {
    public ClusterRecord {
        members = List.copyOf(members);
        phases = List.copyOf(phases);
    }

    public ClusterName name() {
        return spec.name();
    }

    /** In another phase from {@code now} on, which is in milliseconds since 1970. */
    public ClusterRecord enter(ClusterPhase next, long now) {
        List<PhaseTime> over = new ArrayList<>(phases);
        over.add(new PhaseTime(phase.toString(), Math.max(0, now - since)));
        return new ClusterRecord(spec, next, revision, network, members, now, over, verification, request, failure);
    }

    public ClusterRecord withVerification(VerificationSummary summary) {
        return new ClusterRecord(
                spec, phase, revision, network, members, since, phases, Optional.of(summary), request, failure);
    }

    public ClusterRecord withRequest(Optional<String> id) {
        return new ClusterRecord(spec, phase, revision, network, members, since, phases, verification, id, failure);
    }

    public ClusterRecord withFailure(Optional<Failure> what) {
        return new ClusterRecord(spec, phase, revision, network, members, since, phases, verification, request, what);
    }
}
