package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterShape;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Course;
import dev.scc.cluster.Failure;
import dev.scc.cluster.MembershipChange;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.VerificationSummary.FailedPair;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A cluster is not called ready, and nobody is told that it is, while its fabric is known not to work. */
class DegradedClusterTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final Instant NOW = Instant.ofEpochMilli(200_000);
    private static final VerificationSummary REFUTED = new VerificationSummary(
            "full", 3, 2, List.of(new FailedPair(N1, N2, "no answer")), List.of(), Optional.empty());
    private static final Failure UNVERIFIED =
            Failure.of("serve demo", "1 of 3 pairs failed").at(N1, new Failure.Verification());

    private Roster roster = unused();
    private World world = built(3, OnFailure.ROLLBACK);

    private static Roster unused() {
        return ((CreatePlanner.Plan.Build)
                        CreatePlanner.plan(ClusterSpec.of("x", 1), Optional.empty(), "r0", Worlds.free(1), 5, 0))
                .roster();
    }

    /** Of five nodes, so many serve; all have said that they do. */
    private World built(int members, OnFailure policy) {
        World free = Worlds.free(5);
        ClusterSpec spec = ClusterSpec.of("demo", members).withOnFailure(policy);
        CreatePlanner.Plan.Build build =
                (CreatePlanner.Plan.Build) CreatePlanner.plan(spec, Optional.empty(), "r1", free, 5, 1000);
        roster = build.roster();
        return reached(Worlds.after(free, build.changes()), members);
    }

    private static World reached(World world, int members) {
        NavigableMap<NodeName, dev.scc.cluster.world.Node> nodes = new TreeMap<>(world.nodes());
        for (int i = 1; i <= members; i++) {
            nodes.computeIfPresent(
                    new NodeName("n" + i),
                    (_, node) -> Worlds.saying(node, new NodeStatus.Reached(DEMO, 1, Optional.empty())));
        }
        return new World(nodes, world.clusters(), world.pools());
    }

    private void record(ClusterRecord record) {
        world = new World(world.nodes(), new TreeMap<>(Map.of(DEMO, new Held<>(record, 7))), world.pools());
    }

    private void says(NodeName name, NodeStatus.State state) {
        NavigableMap<NodeName, dev.scc.cluster.world.Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(name, (_, node) -> Worlds.saying(node, state));
        world = new World(nodes, world.clusters(), world.pools());
    }

    private static ClusterRecord degraded(ClusterShape shape, Optional<VerificationSummary> verification, long since) {
        return new ClusterRecord.Degraded(shape, new Course(since, List.of()), verification, Set.of(), UNVERIFIED);
    }

    private ClusterRecord scaling(
            Optional<VerificationSummary> verification, Optional<Failure> cause, MembershipChange task) {
        return new ClusterRecord.Scaling(
                record().shape(),
                new Course(190_000, List.of()),
                verification,
                Set.of(),
                Optional.of("r1"),
                cause,
                task);
    }

    private ClusterRecord record() {
        return Worlds.cluster(world, "demo").value();
    }

    private Situation situation() {
        return new Situation(world, Map.of(), Timing.usual(), NOW);
    }

    private NextStep next() {
        return new ClusterPlanner(situation(), 5)
                .next(Worlds.cluster(world, "demo"), Optional.empty(), Optional.of(roster));
    }

    private ClusterRecord after(NextStep step) {
        List<Change> changes = assertThat(step)
                .asInstanceOf(type(NextStep.Commit.class))
                .actual()
                .changes();
        return Worlds.cluster(Worlds.after(world, changes), "demo").value();
    }

    @Test
    void scaledToTheSizeThatItHasItIsDoneOnlyWhenItIsVerified() {
        record(degraded(record().shape(), Optional.of(REFUTED), 190_000));

        RequestPlanner.Answer answer = new RequestPlanner(situation(), 5)
                .answer(new Request.Scale(DEMO, 3), "r2", new Asker.Unproven(), Optional.of(roster), Optional.empty());

        List<Change> changes = assertThat(answer)
                .asInstanceOf(type(RequestPlanner.Answer.Commit.class))
                .actual()
                .changes();
        assertThat(changes).contains(new RequestChange.TakeUp("r2", new Outcome.InProgress(NOW.toEpochMilli())));
        world = Worlds.after(world, changes);
        assertThat(record().phase()).isEqualTo(ClusterPhase.SCALING);
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.VERIFYING);
    }

    @Test
    void withFewerMembersItIsVerifiedAnewIfAPairOfThemHasFailed() {
        MembershipChange fewer = new MembershipChange(MembershipChange.Kind.SCALE, Set.of(), 4, true);

        record(scaling(Optional.of(REFUTED), Optional.empty(), fewer));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.VERIFYING);

        record(scaling(Optional.empty(), Optional.empty(), fewer));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.READY);
    }

    @Test
    void whenThoseWhoJoinedAreOutAgainAndOldMembersDoNotReachEachOtherItIsDegraded() {
        MembershipChange out = new MembershipChange(MembershipChange.Kind.BACK_OUT, Set.of(), 3, true);

        record(scaling(Optional.of(REFUTED), Optional.of(UNVERIFIED), out));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.DEGRADED);
        assertThat(after(next()).failure()).isPresent();
        assertThat(((NextStep.Commit) next()).move()).isInstanceOf(ClusterMove.Degraded.class);

        record(scaling(Optional.empty(), Optional.of(UNVERIFIED), out));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.READY);
        assertThat(((NextStep.Commit) next()).move()).isEqualTo(new ClusterMove.Restored());
    }

    /** A scale that failed may leave members that have never been seen to reach each other. */
    @Test
    void membersOfAClusterThatWasNotInOrderNeedAProof() {
        record(scaling(
                Optional.empty(),
                Optional.empty(),
                new MembershipChange(MembershipChange.Kind.SCALE, Set.of(), 4, false)));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.VERIFYING);

        record(scaling(
                Optional.empty(),
                Optional.of(UNVERIFIED),
                new MembershipChange(MembershipChange.Kind.BACK_OUT, Set.of(), 3, false)));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.DEGRADED);
    }

    @Test
    void aSuspectWhomNobodyCanReplaceDoesNotKeepOthersFromJoining() {
        world = built(4, OnFailure.REPLACE);
        ClusterShape four = record().shape();
        ClusterShape wantingFive = new ClusterShape(
                four.spec().withNodes(5), four.revision(), four.network(), four.members(), four.leaving());
        record(degraded(
                wantingFive, Optional.empty(), NOW.minus(Duration.ofSeconds(61)).toEpochMilli()));

        // Once it is told that two would be needed and there is one.
        ClusterRecord told = after(next());
        assertThat(told.phase()).isEqualTo(ClusterPhase.DEGRADED);
        record(told);

        ClusterRecord repairing = after(next());
        assertThat(repairing.phase()).isEqualTo(ClusterPhase.REPAIRING);
        assertThat(repairing.members()).contains(N1, N2, N3, new NodeName("n5"));
    }

    @Test
    void aSuspectWhomNobodyCanReplaceDoesNotKeepAMemberThatFailedFromBeingReplaced() {
        world = built(4, OnFailure.REPLACE);
        says(N2, new NodeStatus.StepFailed("device", "no device", List.of()));
        record(degraded(
                record().shape(),
                Optional.empty(),
                NOW.minus(Duration.ofSeconds(61)).toEpochMilli()));
        ClusterRecord told = after(next());
        assertThat(told.phase()).isEqualTo(ClusterPhase.DEGRADED);
        record(told);

        ClusterRecord repairing = after(next());

        assertThat(repairing.phase()).isEqualTo(ClusterPhase.REPAIRING);
        assertThat(repairing.members()).containsExactlyInAnyOrder(N1, N3, new NodeName("n4"), new NodeName("n5"));
    }

    @Test
    void ifNobodyButASuspectWouldBeReplacedAndNobodyCanReplaceHimNothingIsChanged() {
        world = built(5, OnFailure.REPLACE);
        says(N2, new NodeStatus.Clean());
        record(degraded(
                record().shape(),
                Optional.empty(),
                NOW.minus(Duration.ofSeconds(61)).toEpochMilli()));
        ClusterRecord told = after(next());
        assertThat(told.phase()).isEqualTo(ClusterPhase.DEGRADED);
        record(told);

        assertThat(next()).isInstanceOf(NextStep.Wait.class);
    }

    /** Only a fabric that does not work casts doubt on a member that says it is well. */
    @Test
    void aMemberThatIsWellAgainIsNotReplacedForWhatItWas() {
        world = built(3, OnFailure.REPLACE);
        Failure lost = Failure.of("serve demo", "the node is lost").at(N1, new Failure.OfNode("agent"));
        ClusterRecord.Degraded after = new ClusterRecord.Degraded(
                record().shape(), new Course(190_000, List.of()), Optional.empty(), Set.of(), lost);

        record(after);
        ClusterRecord back = after(next());
        assertThat(back.phase()).isEqualTo(ClusterPhase.VERIFYING);
        assertThat(back.members()).containsExactly(N1, N2, N3);

        record(degraded(record().shape(), Optional.of(REFUTED), 190_000));
        ClusterRecord repaired = after(next());
        assertThat(repaired.phase()).isEqualTo(ClusterPhase.REPAIRING);
        assertThat(repaired.members()).doesNotContain(N1).contains(N2, N3);
    }

    @Test
    void whoIsNoMemberAnyMoreIsNotReplacedForWhatHeWas() {
        world = built(3, OnFailure.REPLACE);
        Failure gone =
                Failure.of("serve demo", "1 of 3 pairs failed").at(new NodeName("n5"), new Failure.Verification());
        record(new ClusterRecord.Degraded(
                record().shape(), new Course(100_000, List.of()), Optional.of(REFUTED), Set.of(), gone));

        ClusterRecord back = after(next());

        assertThat(back.phase()).isEqualTo(ClusterPhase.VERIFYING);
        assertThat(back.members()).containsExactly(N1, N2, N3);
    }

    private static ClusterRecord changing(ClusterSpec spec, List<NodeName> members, MembershipChange task) {
        return new ClusterRecord.Scaling(
                new ClusterShape(spec, 1, 70, members, List.of()),
                new Course(190_000, List.of()),
                Optional.empty(),
                Set.of(),
                Optional.of("r1"),
                Optional.of(UNVERIFIED),
                task);
    }

    /** There is nobody that it would have to reach. */
    @Test
    void oneMemberThatIsNotToBeVerifiedNeedsNoProof() {
        ClusterSpec alone = ClusterSpec.of("demo", 1).withVerify(Pattern.OFF);

        for (MembershipChange.Kind kind : List.of(MembershipChange.Kind.SCALE, MembershipChange.Kind.BACK_OUT)) {
            record(changing(alone, List.of(N1), new MembershipChange(kind, Set.of(), 2, false)));
            assertThat(after(next()).phase()).as(kind.name()).isEqualTo(ClusterPhase.READY);
        }
    }

    @Test
    void withFewerMembersThanItIsMeantToHaveItIsDegradedHoweverWellTheyReachEachOther() {
        record(changing(
                ClusterSpec.of("demo", 4),
                List.of(N1, N2, N3),
                new MembershipChange(MembershipChange.Kind.BACK_OUT, Set.of(), 4, true)));

        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.DEGRADED);
    }

    /** It is tried whether they are well again, not whether others would be better. */
    @Test
    void whoFailsWhileAClusterReturnsIsNotReplaced() {
        record(changing(
                ClusterSpec.of("demo", 3).withOnFailure(OnFailure.REPLACE),
                List.of(N1, N2, N3),
                new MembershipChange(MembershipChange.Kind.RETURN, Set.of(), 3, false)));
        says(N1, new NodeStatus.StepFailed("add link:eni0", "no room", List.of()));

        assertThat(((NextStep.Commit) next()).move()).isEqualTo(new ClusterMove.Degraded("no room"));
    }

    @Test
    void aFabricThatHasFailedIsVerifiedAgainAfterAMinute() {
        record(degraded(record().shape(), Optional.of(REFUTED), 140_001));
        assertThat(next()).isEqualTo(new NextStep.Wait(Duration.ofMillis(1)));

        record(degraded(record().shape(), Optional.of(REFUTED), 140_000));
        assertThat(after(next()).phase()).isEqualTo(ClusterPhase.VERIFYING);
        assertThat(after(next()).since()).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void aClusterIsNotInUseAgainBeforeAllOfItsMembersAre() {
        ClusterShape three = record().shape();
        ClusterShape wantingFour = new ClusterShape(
                three.owner(),
                three.spec().withNodes(4),
                three.revision(),
                three.network(),
                three.members(),
                List.of());
        record(degraded(wantingFour, Optional.empty(), 100_000));
        assertThat(next()).as("one is missing").isInstanceOf(NextStep.Wait.class);

        World whole = built(3, OnFailure.ROLLBACK);
        for (NodeStatus.State state : List.of(
                new NodeStatus.StepFailed("device", "no device", List.of()),
                new NodeStatus.Reached(DEMO, 2, Optional.empty()))) {
            world = whole;
            record(degraded(record().shape(), Optional.empty(), 100_000));
            says(N2, state);
            assertThat(next()).as("%s", state).isInstanceOf(NextStep.Wait.class);
        }
    }

    @Test
    void forAReplacementTheRosterHasToBeRead() {
        world = built(3, OnFailure.REPLACE);
        record(degraded(record().shape(), Optional.of(REFUTED), 190_000));

        assertThat(new ClusterPlanner(situation(), 5)
                        .next(Worlds.cluster(world, "demo"), Optional.empty(), Optional.empty()))
                .isInstanceOf(NextStep.Read.class);
    }

    /** He may be well again by then. */
    @Test
    void aSuspectIsGivenAMinuteBeforeTheOthersGoOnWithHim() {
        world = built(4, OnFailure.REPLACE);
        says(N2, new NodeStatus.StepFailed("device", "no device", List.of()));
        for (long since : List.of(140_001L, 140_000L)) {
            record(degraded(record().shape(), Optional.empty(), since));
            record(after(next()));
            NextStep step = next();
            if (since == 140_001L) {
                assertThat(step).isEqualTo(new NextStep.Wait(Duration.ofMillis(1)));
            } else {
                assertThat(after(step).phase()).isEqualTo(ClusterPhase.REPAIRING);
            }
        }
    }

    @Test
    void aSuspectAndAMemberThatFailedAreReplacedTogetherIfThereAreNodesForBoth() {
        world = built(3, OnFailure.REPLACE);
        says(N2, new NodeStatus.StepFailed("device", "no device", List.of()));
        record(degraded(record().shape(), Optional.empty(), 190_000));

        ClusterRecord repairing = after(next());

        assertThat(repairing.phase()).isEqualTo(ClusterPhase.REPAIRING);
        assertThat(repairing.members()).doesNotContain(N1, N2).contains(N3).hasSize(3);
    }

    @Test
    void aClusterThatHasTooFewMembersGetsAnotherThoughNobodyIsReplaced() {
        world = built(3, OnFailure.REPLACE);
        ClusterShape three = record().shape();
        ClusterShape wantingFour = new ClusterShape(
                three.owner(),
                three.spec().withNodes(4),
                three.revision(),
                three.network(),
                three.members(),
                List.of());
        Failure lost = Failure.of("serve demo", "the node is lost").at(N1, new Failure.OfNode("agent"));
        record(new ClusterRecord.Degraded(
                wantingFour, new Course(190_000, List.of()), Optional.empty(), Set.of(), lost));

        ClusterRecord repairing = after(next());

        assertThat(repairing.phase()).isEqualTo(ClusterPhase.REPAIRING);
        assertThat(repairing.members()).contains(N1, N2, N3).hasSize(4);
        assertThat(repairing.since()).isEqualTo(NOW.toEpochMilli());
    }

    /** Its agent has gone, and what it said last is that it serves the cluster. */
    @Test
    void aMemberThatIsLostIsNotThereWhateverItHasSaid() {
        record(degraded(record().shape(), Optional.of(REFUTED), 100_000));
        Situation lost = new Situation(world, Map.of(N2, NOW.minus(Duration.ofHours(1))), Timing.usual(), NOW);

        assertThat(new ClusterPlanner(lost, 5)
                        .next(Worlds.cluster(world, "demo"), Optional.empty(), Optional.of(roster)))
                .isInstanceOf(NextStep.Wait.class);
    }
}
