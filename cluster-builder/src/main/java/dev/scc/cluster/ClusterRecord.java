package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A cluster as the controller drives it: one record for each state, with exactly those transitions as methods that lead out of
 * it. {@link ClusterLife} has them as a table. Times are in milliseconds since 1970. Written as {@link ClusterForm}.
 */
@JsonSerialize(converter = ClusterForm.FromRecord.class)
@JsonDeserialize(converter = ClusterForm.ToRecord.class)
public sealed interface ClusterRecord {
    ClusterShape shape();

    Course course();

    Optional<VerificationSummary> verification();

    /** A cluster whose nodes have just been assigned, of nobody in particular. */
    static Creating begun(ClusterSpec spec, int network, List<NodeName> members, long now, String request) {
        return begun(Optional.empty(), spec, network, members, now, request);
    }

    /** A cluster whose nodes have just been assigned. */
    static Creating begun(
            Optional<Principal> owner,
            ClusterSpec spec,
            int network,
            List<NodeName> members,
            long now,
            String request) {
        return new Creating(
                new ClusterShape(owner, spec, 1, network, members, List.of()),
                Course.begin(now),
                Optional.empty(),
                Set.of(),
                request);
    }

    /** Whether there is anything to probe before it is ready: pairs of the fabric, or paths in the VPC. */
    default boolean probed() {
        return spec().verify() != Pattern.OFF || members().size() > 1;
    }

    default ClusterPhase phase() {
        return switch (this) {
            case Creating _ -> ClusterPhase.CREATING;
            case Verifying _, Reverifying _ -> ClusterPhase.VERIFYING;
            case Ready _ -> ClusterPhase.READY;
            case Degraded _ -> ClusterPhase.DEGRADED;
            case Scaling _ -> ClusterPhase.SCALING;
            case Repairing _ -> ClusterPhase.REPAIRING;
            case RollingBack _ -> ClusterPhase.ROLLING_BACK;
            case Failed _ -> ClusterPhase.FAILED;
            case Deleting _ -> ClusterPhase.DELETING;
        };
    }

    /** Id of the client request that waits for the end of what is being done. */
    default Optional<String> request() {
        return switch (this) {
            case New building -> Optional.of(building.waiting());
            case Changing changing -> changing.waiting();
            case Leaving leaving -> Optional.of(leaving.waiting());
            case Ready _, Degraded _, Failed _ -> Optional.empty();
        };
    }

    /** What made it fail or degrade. */
    default Optional<Failure> failure() {
        return switch (this) {
            case New _, Ready _ -> Optional.empty();
            case Degraded degraded -> Optional.of(degraded.cause());
            case Changing changing -> changing.cause();
            case RollingBack back -> Optional.of(back.cause());
            case Failed failed -> Optional.of(failed.cause());
            case Deleting deleting -> deleting.cause();
        };
    }

    /** Nodes that failed in this cluster and are not taken again before it is ready. */
    default Set<NodeName> refused() {
        return Set.of();
    }

    /** What is being done to its members; empty while it is created, and when nothing is. */
    default Optional<MembershipChange> change() {
        return this instanceof Changing changing ? Optional.of(changing.task()) : Optional.empty();
    }

    /** Who has asked for it; empty if that was nobody in particular. */
    default Optional<Principal> owner() {
        return shape().owner();
    }

    default ClusterSpec spec() {
        return shape().spec();
    }

    default ClusterName name() {
        return spec().name();
    }

    /** Of its roster, from 1. */
    default int revision() {
        return shape().revision();
    }

    /** The number that is its VNI and VLAN. */
    default int network() {
        return shape().network();
    }

    default List<NodeName> members() {
        return shape().members();
    }

    /** Former members that may carry the cluster's networks still. */
    default List<Member> leaving() {
        return shape().leaving();
    }

    /** When this phase began. */
    default long since() {
        return course().since();
    }

    /** Those that are over, the latest of them. */
    default List<PhaseTime> phases() {
        return course().phases();
    }

    /** Whether a pair of its present members failed in its latest verification, on the segment or in the VPC. */
    default boolean refuted() {
        return verification().stream()
                .flatMap(summary -> summary.allFailed().stream())
                .anyMatch(pair -> members().contains(pair.a()) && members().contains(pair.b()));
    }

    /** One that a client may want to be gone: all but those that are on their way out. */
    sealed interface Lasting extends ClusterRecord {

        /** All members leave because a client asked for it. */
        default Deleting delete(long now, String request) {
            return new Deleting(shape(), course().after(phase(), now), verification(), request, failure());
        }
    }

    /** One that has never been ready. */
    sealed interface New extends Lasting {

        /** Id of the request to create it. */
        String waiting();

        /** It is as its owner wants it. */
        default Ready ready(long now, List<Member> stillLeaving) {
            return new Ready(shape().stillLeft(stillLeaving), course().after(phase(), now), verification());
        }

        /** It could not be built, and what there is stays. */
        default Failed keep(long now, Failure failure) {
            return new Failed(shape(), course().after(phase(), now), verification(), refused(), failure);
        }

        /** It could not be built, and all members leave. */
        default RollingBack rollBack(long now, Failure failure) {
            return new RollingBack(
                    shape(), course().after(phase(), now), verification(), refused(), waiting(), failure);
        }

        /** Other nodes take the place of those that failed. */
        default Creating replace(long now, NextMembers next, Set<NodeName> failed) {
            return new Creating(
                    shape().next(next),
                    course().after(phase(), now),
                    verification(),
                    and(refused(), failed),
                    waiting());
        }
    }

    /** One that is in use, and of which no member joins or leaves. */
    sealed interface Serving extends Lasting {

        /**
         * A client wants another number of nodes.
         *
         * @param proven it is in order now
         */
        default Scaling scale(long now, String request, int nodes, NextMembers next, boolean proven) {
            MembershipChange task =
                    new MembershipChange(MembershipChange.Kind.SCALE, next.joining(), spec().nodes(), proven);
            return new Scaling(
                    shape().next(next).wanting(nodes),
                    Course.begin(now),
                    verification(),
                    Set.of(),
                    Optional.of(request),
                    Optional.empty(),
                    task);
        }
    }

    /** One that has been ready, and whose members change, or are proved anew. */
    sealed interface Changing extends Lasting {

        /** Id of the request that it is done for; empty if nobody asked. */
        Optional<String> waiting();

        /** What it was degraded for, or why it is taken back. */
        Optional<Failure> cause();

        MembershipChange task();

        /** It is as its owner wants it, or as it was before. */
        default Ready ready(long now, List<Member> stillLeaving) {
            return new Ready(shape().stillLeft(stillLeaving), course().after(phase(), now), verification());
        }

        /** The members are what they are, and something is wrong. */
        default Degraded giveUp(long now, Failure failure, List<Member> stillLeaving) {
            return new Degraded(
                    shape().stillLeft(stillLeaving), course().after(phase(), now), verification(), refused(), failure);
        }

        /** Those who joined leave again. */
        default Scaling backOut(long now, NextMembers next, Failure failure, Set<NodeName> failed) {
            MembershipChange task =
                    new MembershipChange(MembershipChange.Kind.BACK_OUT, Set.of(), task().before(), task().proven());
            return new Scaling(
                    shape().next(next).wanting(task().before()),
                    course().after(phase(), now),
                    verification(),
                    and(refused(), failed),
                    waiting(),
                    Optional.of(failure),
                    task);
        }

        /** Other nodes take the place of those that failed while they joined. */
        default Rebuilding replace(long now, NextMembers next, Set<NodeName> failed) {
            Set<NodeName> joining = new HashSet<>(task().joining());
            joining.removeAll(failed);
            joining.addAll(next.joining());
            MembershipChange task = new MembershipChange(task().kind(), joining, task().before(), task().proven());
            ClusterShape shape = shape().next(next);
            Course course = course().after(phase(), now);
            Set<NodeName> refused = and(refused(), failed);
            return switch (task.kind()) {
                case REPAIR -> new Repairing(shape, course, verification(), refused, waiting(), cause(), task);
                case SCALE, BACK_OUT, RETURN ->
                    new Scaling(shape, course, verification(), refused, waiting(), cause(), task);
            };
        }
    }

    /** One whose members change, before they are verified. */
    sealed interface Rebuilding extends Changing {

        /** All members are built. */
        default Reverifying built(long now) {
            return new Reverifying(
                    shape(), course().after(phase(), now), verification(), refused(), waiting(), cause(), task());
        }
    }

    /** One whose members take everything back: nothing but its end comes after that. */
    sealed interface Leaving extends ClusterRecord {

        /** Id of the request that waits for its end. */
        String waiting();
    }

    /** Nodes are assigned; their agents are building. */
    record Creating(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            String waiting)
            implements New {
        public Creating {
            refused = sorted(refused);
        }

        /** All members are built. */
        public Verifying built(long now) {
            return new Verifying(shape, course.after(phase(), now), verification, refused, waiting);
        }
    }

    /** All nodes of a new cluster are built; pairs are being probed. */
    record Verifying(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            String waiting)
            implements New {
        public Verifying {
            refused = sorted(refused);
        }

        /** The verdict is known. */
        public Verifying judged(VerificationSummary summary) {
            return new Verifying(shape, course, Optional.of(summary), refused, waiting);
        }
    }

    /** In use. */
    record Ready(ClusterShape shape, Course course, Optional<VerificationSummary> verification) implements Serving {

        /** It has so many members already. */
        public Ready resize(int nodes) {
            return new Ready(shape.wanting(nodes), course, verification);
        }

        /** A member is lost or reports a failure. */
        public Degraded degrade(long now, Failure failure) {
            return new Degraded(shape, Course.begin(now), verification, Set.of(), failure);
        }
    }

    /** In use, and not in order. */
    record Degraded(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            Failure cause)
            implements Serving {
        public Degraded {
            refused = sorted(refused);
        }

        /** What is done about it is told. */
        public Degraded telling(Failure told) {
            return new Degraded(shape, course, verification, refused, told);
        }

        /** It is as its owner wants it, and needs no proof. */
        public Ready ready(long now, List<Member> stillLeaving) {
            return new Ready(shape.stillLeft(stillLeaving), course.after(phase(), now), verification);
        }

        /** All members are there again. */
        public Reverifying whole(long now) {
            return new Reverifying(
                    shape, course.after(phase(), now), verification, refused, Optional.empty(), failure(), again());
        }

        /** A client wants it to be in order, with the members that it has. */
        public Scaling prove(long now, String request, int nodes) {
            return new Scaling(
                    shape.wanting(nodes),
                    Course.begin(now).after(phase(), now),
                    verification,
                    refused,
                    Optional.of(request),
                    failure(),
                    new MembershipChange(MembershipChange.Kind.RETURN, Set.of(), nodes, false));
        }

        /** Others take the place of members that are lost or fail. */
        public Repairing repair(long now, NextMembers next, Set<NodeName> failed) {
            return new Repairing(
                    shape.next(next),
                    course.after(phase(), now),
                    verification,
                    and(refused, failed),
                    Optional.empty(),
                    failure(),
                    new MembershipChange(MembershipChange.Kind.REPAIR, next.joining(), spec().nodes(), false));
        }

        private MembershipChange again() {
            return new MembershipChange(MembershipChange.Kind.RETURN, Set.of(), spec().nodes(), false);
        }
    }

    /** Nodes join or leave because a client asked for it. Those that stay keep their addresses, networks and jobs. */
    record Scaling(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            Optional<String> waiting,
            Optional<Failure> cause,
            MembershipChange task)
            implements Rebuilding {
        public Scaling {
            refused = sorted(refused);
            if (task.kind() == MembershipChange.Kind.REPAIR) {
                throw new IllegalArgumentException("task: a cluster that is scaled is not repaired");
            }
        }

        @Override
        public Scaling replace(long now, NextMembers next, Set<NodeName> failed) {
            return (Scaling) Rebuilding.super.replace(now, next, failed);
        }
    }

    /** Members that are lost or fail are being replaced. */
    record Repairing(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            Optional<String> waiting,
            Optional<Failure> cause,
            MembershipChange task)
            implements Rebuilding {
        public Repairing {
            refused = sorted(refused);
            if (task.kind() != MembershipChange.Kind.REPAIR) {
                throw new IllegalArgumentException("task: a cluster that is repaired is not changed by " + task.kind());
            }
        }

        @Override
        public Repairing replace(long now, NextMembers next, Set<NodeName> failed) {
            return (Repairing) Rebuilding.super.replace(now, next, failed);
        }
    }

    /** The members have changed, or are there again; pairs are being probed. */
    record Reverifying(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            Optional<String> waiting,
            Optional<Failure> cause,
            MembershipChange task)
            implements Changing {
        public Reverifying {
            refused = sorted(refused);
        }

        /** The verdict is known. */
        public Reverifying judged(VerificationSummary summary) {
            return new Reverifying(shape, course, Optional.of(summary), refused, waiting, cause, task);
        }
    }

    /** Building failed; agents are taking everything back. */
    record RollingBack(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            String waiting,
            Failure cause)
            implements Leaving {
        public RollingBack {
            refused = sorted(refused);
        }
    }

    /** Building failed, and the spec says to keep what is there. */
    record Failed(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            Set<NodeName> refused,
            Failure cause)
            implements Lasting {
        public Failed {
            refused = sorted(refused);
        }
    }

    /** Agents are taking everything back because a client asked for it. */
    record Deleting(
            ClusterShape shape,
            Course course,
            Optional<VerificationSummary> verification,
            String waiting,
            Optional<Failure> cause)
            implements Leaving {}

    private static Set<NodeName> sorted(Set<NodeName> nodes) {
        return Collections.unmodifiableSet(new TreeSet<>(nodes));
    }

    private static Set<NodeName> and(Set<NodeName> some, Set<NodeName> more) {
        Set<NodeName> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }
}
