package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.util.StdConverter;

/** How a {@link ClusterRecord} stands in the tree: the same fields in every phase, of which those that it has not are empty. */
record ClusterForm(
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
        Optional<MembershipChange> change,
        @Later Optional<Principal> owner) {

    private static ClusterForm of(ClusterRecord cluster) {
        return new ClusterForm(
                cluster.spec(),
                cluster.phase(),
                cluster.revision(),
                cluster.network(),
                cluster.members(),
                cluster.since(),
                cluster.phases(),
                cluster.verification(),
                cluster.request(),
                cluster.failure(),
                cluster.leaving(),
                cluster.refused(),
                cluster.change(),
                cluster.owner());
    }

    private ClusterRecord toRecord() {
        ClusterShape shape = new ClusterShape(owner, spec, revision, network, members, leaving);
        Course course = new Course(since, phases);
        return switch (phase) {
            case CREATING -> new ClusterRecord.Creating(shape, course, verification, refused, waiting());
            case VERIFYING ->
                change.<ClusterRecord>map(task -> new ClusterRecord.Reverifying(
                                shape, course, verification, refused, request, failure, task))
                        .orElseGet(() -> new ClusterRecord.Verifying(shape, course, verification, refused, waiting()));
            case READY -> new ClusterRecord.Ready(shape, course, verification);
            case DEGRADED -> new ClusterRecord.Degraded(shape, course, verification, refused, cause());
            case SCALING -> new ClusterRecord.Scaling(shape, course, verification, refused, request, failure, task());
            case REPAIRING ->
                new ClusterRecord.Repairing(shape, course, verification, refused, request, failure, task());
            case ROLLING_BACK ->
                new ClusterRecord.RollingBack(shape, course, verification, refused, waiting(), cause());
            case FAILED -> new ClusterRecord.Failed(shape, course, verification, refused, cause());
            case DELETING -> new ClusterRecord.Deleting(shape, course, verification, waiting(), failure);
        };
    }

    private String waiting() {
        return request.orElseThrow(() -> lacks("request"));
    }

    private Failure cause() {
        return failure.orElseThrow(() -> lacks("failure"));
    }

    private MembershipChange task() {
        return change.orElseThrow(() -> lacks("change"));
    }

    private IllegalArgumentException lacks(String field) {
        return new IllegalArgumentException("cluster " + spec.name() + " is " + phase + " and has no " + field);
    }

    /** For JSON. */
    static final class FromRecord extends StdConverter<ClusterRecord, ClusterForm> {
        @Override
        public ClusterForm convert(ClusterRecord cluster) {
            return of(cluster);
        }
    }

    /** For JSON. */
    static final class ToRecord extends StdConverter<ClusterForm, ClusterRecord> {
        @Override
        public ClusterRecord convert(ClusterForm form) {
            return form.toRecord();
        }
    }
}
