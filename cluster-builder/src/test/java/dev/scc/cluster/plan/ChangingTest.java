package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Arrange;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.VpcVerdict;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of a cluster in use whose members change, step by step, in a pool of six nodes. */
class ChangingTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Timing TIMING =
            new Timing(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofHours(1));
    private static final NodeStatus.State FAILED = new NodeStatus.StepFailed("add link:eni0", "no room", List.of());
    private static final NodeStatus.State CLEAN = new NodeStatus.Clean();

    private World world = Worlds.free(6);
    private Optional<Roster> roster = Optional.empty();
    private Instant now = Instant.ofEpochMilli(1_000);
    private Map<NodeName, Instant> missing = Map.of();
    private List<Change> latest = List.of();

    private static NodeName node(int number) {
        return new NodeName("n" + number);
    }

    private Situation situation() {
        return new Situation(world, missing, TIMING, now);
    }

    private void carryOut(List<Change> changes) {
        latest = changes;
        world = Worlds.after(world, changes);
        Worlds.only(ClusterChange.PublishRoster.class, changes)
                .forEach(change -> roster = Optional.of(change.roster()));
    }

    private RequestPlanner.Answer answer(Request request, String id) {
        return new RequestPlanner(situation(), 5).answer(request, id, new Asker.Unproven(), roster, Optional.empty());
    }

    private void ask(Request request, String id) {
        carryOut(assertThat(answer(request, id))
                .asInstanceOf(type(RequestPlanner.Answer.Commit.class))
                .actual()
                .changes());
    }

    private void scale(int nodes) {
        ask(new Request.Scale(DEMO, nodes), "r2");
    }

    private NextStep next(Optional<VerificationResult> verification) {
        return new ClusterPlanner(situation(), 5).next(Worlds.cluster(world, "demo"), verification, roster);
    }

    private ClusterMove move(Optional<VerificationResult> verification) {
        NextStep.Commit commit = assertThat(next(verification))
                .asInstanceOf(type(NextStep.Commit.class))
                .actual();
        carryOut(commit.changes());
        return commit.move();
    }

    private ClusterMove move() {
        return move(Optional.empty());
    }

    private void say(int number, NodeStatus.State state) {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(node(number), (_, before) -> Worlds.saying(before, state));
        world = new World(nodes, world.clusters(), world.pools());
    }

    private void allReach() {
        for (NodeName member : cluster().members()) {
            reach(member);
        }
    }

    private void reach(NodeName member) {
        say(
                Integer.parseInt(member.value().substring(1)),
                new NodeStatus.Reached(DEMO, cluster().revision(), Optional.empty()));
    }

    private ClusterRecord cluster() {
        return Worlds.cluster(world, "demo").value();
    }

    private List<String> members() {
        return cluster().members().stream().map(NodeName::value).toList();
    }

    private Optional<VerificationResult> verdict(Set<NodeName> bad) {
        List<NodeName> nodes = cluster().members();
        List<ProbeResult> results = Schedule.of(nodes, Pattern.FULL).pairs().stream()
                .map(pair -> bad.contains(pair.active()) || bad.contains(pair.passive())
                        ? ProbeResult.failed(pair, "no answer")
                        : ProbeResult.passed(pair, new ProbeOutcome.Passed(1, 1, 1, 1, 1)))
                .toList();
        return Optional.of(
                new VerificationResult.Judged(Verdict.of(nodes, Pattern.FULL, results), VpcVerdict.NOTHING, 5));
    }

    private Outcome outcome() {
        RequestChange.Answer answer =
                Worlds.only(RequestChange.Answer.class, latest).getFirst();
        assertThat(answer.request()).isEqualTo("r2");
        return answer.outcome();
    }

    private Assignment assignment(int number) {
        return Worlds.node(world, "n" + number).assignment().value();
    }

    private void ready(int nodes, OnFailure policy) {
        ask(new Request.Create(ClusterSpec.of("demo", nodes).withOnFailure(policy)), "r1");
        allReach();
        move();
        assertThat(move(verdict(Set.of()))).isEqualTo(new ClusterMove.Ready());
    }

    @Test
    void thoseWhoJoinAreBuiltAndVerifiedWithTheOthers() {
        ready(3, OnFailure.ROLLBACK);

        scale(5);
        assertThat(members()).containsExactly("n1", "n2", "n3", "n4", "n5");
        assertThat(assignment(5)).isEqualTo(new Assignment.Serve(5, DEMO, 2, 70));
        assertThat(assignment(1)).isEqualTo(new Assignment.Serve(5, DEMO, 2, 70));
        assertThat(assignment(6)).isInstanceOf(Assignment.Free.class);

        allReach();
        assertThat(move()).isEqualTo(new ClusterMove.Built());
        assertThat(next(Optional.empty())).isEqualTo(new NextStep.Verify());
        assertThat(move(verdict(Set.of()))).isEqualTo(new ClusterMove.Ready());
        assertThat(cluster().phase()).isEqualTo(ClusterPhase.READY);
        assertThat(outcome()).isEqualTo(new Outcome.Done(1_000, List.of()));
    }

    @Test
    void whoFailsWhileItJoinsIsReplacedIfTheSpecSaysSoAndNotTakenAgain() {
        ready(3, OnFailure.REPLACE);
        scale(5);
        say(4, FAILED);

        assertThat(move())
                .isEqualTo(new ClusterMove.Replaced(Set.of(node(4)), Set.of(node(6)), Optional.of("no room")));
        assertThat(members()).containsExactly("n1", "n2", "n3", "n5", "n6");
        assertThat(cluster().refused()).containsExactly(node(4));
        assertThat(cluster().change().orElseThrow().joining()).containsExactly(node(5), node(6));
        assertThat(assignment(4)).isEqualTo(new Assignment.Leave(5, DEMO, 70));

        // Nobody is left to take the place of the next one: those who joined are taken out again.
        say(6, FAILED);
        assertThat(move()).isEqualTo(new ClusterMove.BackedOut(Set.of(node(5), node(6)), "no room"));
        assertThat(members()).containsExactly("n1", "n2", "n3");
    }

    @Test
    void whoFailsWhileItJoinsTakesTheOthersOutAgainAndTheClusterIsAsItWas() {
        ready(3, OnFailure.ROLLBACK);
        scale(5);
        say(4, FAILED);

        assertThat(move()).isEqualTo(new ClusterMove.BackedOut(Set.of(node(4), node(5)), "no room"));
        assertThat(members()).containsExactly("n1", "n2", "n3");
        assertThat(cluster().spec().nodes()).isEqualTo(3);
        assertThat(assignment(5)).isEqualTo(new Assignment.Leave(5, DEMO, 70));

        allReach();
        say(4, CLEAN);
        carryOut(new NodeCare(situation(), 5).welcomeBack().changes());
        assertThat(next(Optional.empty())).isInstanceOf(NextStep.Wait.class);
        now = now.plus(TIMING.clean());
        assertThat(move()).isEqualTo(new ClusterMove.Restored());
        assertThat(cluster().phase()).isEqualTo(ClusterPhase.READY);
        assertThat(cluster().since()).isEqualTo(now.toEpochMilli());
        assertThat(cluster().leaving()).extracting(Member::node).containsExactly(node(5));
        assertThat(outcome()).asInstanceOf(type(Outcome.Failed.class)).satisfies(failed -> {
            assertThat(failed.failure().what()).isEqualTo("scale demo");
            assertThat(failed.failure().node()).contains(node(4));
            assertThat(failed.failure().why()).isEqualTo("no room");
            assertThat(failed.failure().done())
                    .isEqualTo("the nodes that joined were taken out again; the cluster has 3 nodes");
            assertThat(failed.failure().next()).contains("bring the named nodes back");
            assertThat(failed.failure().left()).containsExactly("node n5: not proven clean within 30 s");
        });
    }

    @Test
    void aPairThatCannotTalkTakesThoseWhoJoinedOutAgainIfNoNodeIsToBlame() {
        ready(3, OnFailure.REPLACE);
        scale(4);
        allReach();
        move();

        NextStep step = next(Optional.of(new VerificationResult.CannotVerify(Optional.empty(), "no time")));

        assertThat(step)
                .asInstanceOf(type(NextStep.Commit.class))
                .satisfies(commit -> assertThat(commit.move())
                        .isEqualTo(new ClusterMove.BackedOut(Set.of(node(4)), "cannot verify: no time")));
    }

    @Test
    void whoCannotTalkToAnybodyIsReplacedIfTheSpecSaysSo() {
        ready(3, OnFailure.REPLACE);
        scale(4);
        allReach();
        move();

        assertThat(move(verdict(Set.of(node(4)))))
                .asInstanceOf(type(ClusterMove.Replaced.class))
                .satisfies(replaced -> {
                    assertThat(replaced.nodes()).containsExactly(node(4));
                    assertThat(replaced.by()).containsExactly(node(5));
                });
    }

    @Test
    void inTheEndNobodyIsTakenOutOfAClusterThatOnlyLostMembers() {
        ready(3, OnFailure.ROLLBACK);
        scale(2);
        reach(node(1));
        say(2, FAILED);

        assertThat(move()).isEqualTo(new ClusterMove.Degraded("no room"));
        assertThat(cluster().phase()).isEqualTo(ClusterPhase.DEGRADED);
        assertThat(members()).containsExactly("n1", "n2");
        assertThat(outcome())
                .asInstanceOf(type(Outcome.Failed.class))
                .satisfies(failed -> assertThat(failed.failure().done()).isEqualTo("the cluster is Degraded"));
    }

    @Test
    void whoLeavesIsWaitedForUntilItIsCleanOrGivenUp() {
        ready(3, OnFailure.ROLLBACK);
        scale(2);
        allReach();
        assertThat(next(Optional.empty())).isEqualTo(new NextStep.Wait(Duration.ofSeconds(30)));

        missing = Map.of(node(3), now.minus(TIMING.grace()));
        assertThat(move()).isEqualTo(new ClusterMove.Ready());
        assertThat(outcome()).isEqualTo(new Outcome.Done(1_000, List.of("node n3: lost, and not proven clean")));
    }

    @Test
    void aScaleToTheSameSizeChangesNothingAndIsDoneAtOnce() {
        ready(3, OnFailure.ROLLBACK);

        scale(3);

        assertThat(latest).contains(new RequestChange.TakeUp("r2", new Outcome.Done(1_000, List.of())));
        assertThat(cluster().phase()).isEqualTo(ClusterPhase.READY);
        assertThat(cluster().revision()).isEqualTo(1);
    }

    @Test
    void aLostMemberIsReplacedByAScaleToTheSameSize() {
        ready(3, OnFailure.ROLLBACK);
        missing = Map.of(node(2), now.minus(TIMING.grace()));

        scale(3);

        assertThat(members()).containsExactly("n1", "n3", "n4");
    }

    @Test
    void whoJoinsGoesToThoseWhoAreThere() {
        world = Worlds.of(rack(1, "a"), rack(2, "b"), rack(3, "b"), rack(4, "a"));
        ask(new Request.Create(ClusterSpec.of("demo", 1).withArrange(Arrange.How.PACK, "rack")), "r1");
        assertThat(members()).containsExactly("n1");
        allReach();
        move();
        move(verdict(Set.of()));

        scale(2);

        assertThat(members()).containsExactly("n1", "n4");
    }

    private static Node rack(int number, String rack) {
        Node node = Worlds.node(number, new Assignment.Free(1, 0), true);
        return new Node(
                new Held<>(node.record().value().withLabels(Map.of("rack", rack)), 1),
                node.assignment(),
                node.status(),
                node.inventory(),
                node.alive());
    }

    /** Removed by hand, or by servers that have got older data. */
    @Test
    void aMemberThatIsNotInThePoolAnyMoreIsInNobodysWay() {
        ready(3, OnFailure.ROLLBACK);
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.remove(node(3));
        world = new World(nodes, world.clusters(), world.pools());

        scale(2);
        assertThat(members()).containsExactly("n1", "n2");
        assertThat(cluster().leaving()).extracting(Member::node).containsExactly(node(3));
        assertThat(Worlds.only(NodeChange.Assign.class, latest))
                .extracting(NodeChange.Assign::node)
                .containsExactly(node(1), node(2));

        allReach();
        assertThat(move()).isEqualTo(new ClusterMove.Ready());
    }

    @Test
    void aMemberThatIsNotInThePoolAnyMoreIsNotToldToLeave() {
        ready(3, OnFailure.ROLLBACK);
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.remove(node(3));
        world = new World(nodes, world.clusters(), world.pools());

        ask(new Request.Delete(DEMO), "r2");

        assertThat(Worlds.only(NodeChange.Assign.class, latest))
                .extracting(NodeChange.Assign::node)
                .containsExactly(node(1), node(2));
        say(1, CLEAN);
        say(2, CLEAN);
        assertThat(move()).isEqualTo(new ClusterMove.Gone(false));
    }

    /** Its member was told to leave, and has been given to nobody else since. */
    @Test
    void whoHasLeftAlreadyIsNotToldTwice() {
        ready(3, OnFailure.ROLLBACK);
        scale(2);
        assertThat(cluster().leaving()).extracting(Member::node).containsExactly(node(3));

        ask(new Request.Delete(DEMO), "r2");

        assertThat(Worlds.only(NodeChange.Assign.class, latest))
                .extracting(NodeChange.Assign::node)
                .containsExactly(node(1), node(2));
        say(1, CLEAN);
        say(2, CLEAN);
        assertThat(next(Optional.empty())).as("n3 may carry its networks still").isInstanceOf(NextStep.Wait.class);
        say(3, CLEAN);
        assertThat(move()).isEqualTo(new ClusterMove.Gone(false));
    }

    /** As servers with older data may have it. */
    @Test
    void aMemberThatServesSomethingElseIsLeftAlone() {
        ready(3, OnFailure.ROLLBACK);
        carryOut(List.of(
                new NodeChange.Assign(node(1), 1, new Assignment.Serve(5, new ClusterName("other"), 1, 70)),
                new NodeChange.Assign(node(2), 1, new Assignment.Serve(5, DEMO, 1, 71))));

        assertThat(Leaving.dismiss(world, cluster(), 5))
                .containsExactly(new NodeChange.Assign(node(3), 1, new Assignment.Leave(5, DEMO, 70)));
    }

    @Test
    void rostersAreKeptAsLongAsSomebodyMayReadThem() {
        ready(1, OnFailure.ROLLBACK);
        List<ClusterChange.RetireRoster> retired = new ArrayList<>();
        for (int nodes : List.of(2, 3, 4)) {
            scale(nodes);
            retired.addAll(Worlds.only(ClusterChange.RetireRoster.class, latest));
            allReach();
            move();
            move(verdict(Set.of()));
        }

        assertThat(cluster().revision()).isEqualTo(4);
        assertThat(retired)
                .containsExactly(new ClusterChange.RetireRoster(DEMO, 1), new ClusterChange.RetireRoster(DEMO, 2));
    }

    /** Whatever nodes say, and whatever is asked, who stays keeps its addresses and nobody has those of another. */
    @Test
    void membersAndThoseWhoMayCarryTheNetworkHaveAddressesOfTheirOwn() {
        for (int i = 0; i < 300; i++) {
            long seed = 7_000L + i;
            Random random = new Random(seed);
            world = Worlds.free(6);
            now = Instant.ofEpochMilli(1_000);
            missing = Map.of();
            ready(1 + random.nextInt(3), random.nextBoolean() ? OnFailure.REPLACE : OnFailure.ROLLBACK);
            Map<NodeName, Member> carried = new HashMap<>();
            for (int step = 0; step < 40; step++) {
                someoneSays(random);
                now = now.plusSeconds(random.nextInt(20));
                Roster before = roster.orElseThrow();
                if (cluster() instanceof ClusterRecord.Serving && random.nextInt(3) == 0) {
                    if (answer(new Request.Scale(DEMO, 1 + random.nextInt(5)), "r2")
                            instanceof RequestPlanner.Answer.Commit commit) {
                        carryOut(commit.changes());
                    }
                } else {
                    Optional<VerificationResult> verdict = cluster().phase() == ClusterPhase.VERIFYING
                            ? verdict(random.nextInt(4) == 0 ? Set.of(node(1 + random.nextInt(6))) : Set.of())
                            : Optional.empty();
                    if (next(verdict) instanceof NextStep.Commit commit) {
                        carryOut(commit.changes());
                    }
                }
                assertAddresses(seed, before, carried);
            }
        }
    }

    private void someoneSays(Random random) {
        for (int number = 1; number <= 6; number++) {
            if (random.nextInt(3) > 0) {
                switch (assignment(number)) {
                    case Assignment.Free _ -> {}
                    case Assignment.Leave _ -> say(number, CLEAN);
                    case Assignment.Serve _ when random.nextInt(8) == 0 -> say(number, FAILED);
                    case Assignment.Serve _ -> reach(node(number));
                }
            }
        }
        // Those who are clean are freed, as they are before anything else is done.
        carryOut(new NodeCare(situation(), 5).welcomeBack().changes());
    }

    private void assertAddresses(long seed, Roster before, Map<NodeName, Member> carried) {
        Roster present = roster.orElseThrow();
        assertThat(present.members().stream().map(Member::node).toList())
                .as("seed %d", seed)
                .isEqualTo(cluster().members());
        for (Member member : present.members()) {
            before.members().stream()
                    .filter(one -> one.node().equals(member.node()))
                    .forEach(one -> assertThat(member).as("seed %d", seed).isEqualTo(one));
            carried.put(member.node(), member);
        }
        Set<Ipv4> addresses = new HashSet<>();
        world.nodes().forEach((name, node) -> {
            boolean member = cluster().members().contains(name);
            assertThat(node.assignment().value() instanceof Assignment.Serve)
                    .as("seed %d: %s", seed, name)
                    .isEqualTo(member);
            Member known = carried.get(name);
            if (known != null && World.carries(node, cluster().network())) {
                assertThat(addresses.add(known.vpcAddress()))
                        .as("seed %d: %s", seed, name)
                        .isTrue();
                assertThat(addresses.add(known.rdmaAddress()))
                        .as("seed %d: %s", seed, name)
                        .isTrue();
            }
        });
    }

    @Test
    void whoWasLostAndReplacedIsNamedWhenThoseWhoStayAreVerified() {
        ready(3, OnFailure.ROLLBACK);
        missing = Map.of(node(2), now.minus(TIMING.grace()));
        scale(3);
        allReach();
        assertThat(move()).isEqualTo(new ClusterMove.Built());

        assertThat(move(verdict(Set.of()))).isEqualTo(new ClusterMove.Ready());

        assertThat(outcome()).isEqualTo(new Outcome.Done(1_000, List.of("node n2: not proven clean")));
    }

    /** Nobody knows which addresses are taken. */
    @Test
    void withoutTheRosterNobodyIsReplacedOrTakenOut() {
        ready(3, OnFailure.REPLACE);
        scale(5);
        say(4, FAILED);
        roster = Optional.empty();

        assertThat(next(Optional.empty())).isEqualTo(new NextStep.Read());
    }

    @Test
    void aMemberOfWhichNothingCanBeReadKeepsTheClusterAsItIs() {
        ready(3, OnFailure.ROLLBACK);
        for (int number = 1; number <= 3; number++) {
            String member = "member n" + number;
            world = new World(
                    world.nodes(),
                    world.clusters(),
                    world.pools(),
                    world.vpcs(),
                    world.enis(),
                    world.groups(),
                    Map.of(Paths.assign(node(number)), "is nonsense"));

            assertThat(answer(new Request.Scale(DEMO, 4), "r2"))
                    .asInstanceOf(type(RequestPlanner.Answer.Refuse.class))
                    .satisfies(refuse -> assertThat(refuse.why()).contains(member + " cannot be read"));
        }
    }

    @Test
    void whoseNetworksAreInTheWayIsNotTakenIntoTheCluster() {
        ready(3, OnFailure.ROLLBACK);
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        String vpc = roster.orElseThrow().vpc().cidr().toString();
        String segment = roster.orElseThrow().segment().cidr().toString();
        nodes.computeIfPresent(node(4), (_, node) -> Worlds.needing(node, vpc));
        nodes.computeIfPresent(node(5), (_, node) -> Worlds.needing(node, segment));
        world = new World(nodes, world.clusters(), world.pools());

        scale(4);

        assertThat(members()).containsExactly("n1", "n2", "n3", "n6");
    }

    @Test
    void aRosterThatNobodyNeedsAnyMoreIsRetired() {
        ready(2, OnFailure.ROLLBACK);
        for (int nodes = 3; nodes <= 5; nodes++) {
            scale(nodes);
            assertThat(Worlds.only(ClusterChange.RetireRoster.class, latest))
                    .isEqualTo(nodes == 3 ? List.of() : List.of(new ClusterChange.RetireRoster(DEMO, nodes - 3)));
            allReach();
            move();
            move(verdict(Set.of()));
        }
    }

    @Test
    void whoseEnisAreInTheWayOrCarriesTooLittleIsNotTakenIntoTheCluster() {
        ready(3, OnFailure.ROLLBACK);
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(node(5), (_, node) -> Worlds.withMtus(node, 1400, 4200));
        world = new World(nodes, world.clusters(), world.pools());
        VpcName lab = new VpcName("lab");
        ask(new Request.VpcCreate(lab, roster.orElseThrow().vpc().cidr()), "r5");
        ask(new Request.EniAttach(node(4), lab, Optional.empty(), Optional.empty(), List.of()), "r6");

        scale(4);

        assertThat(members()).containsExactly("n1", "n2", "n3", "n6");
    }

    /** Whoever is lost may carry them still. */
    @Test
    void whoJoinsGetsNoAddressOfThoseWhoStayOrWereLost() {
        ready(3, OnFailure.ROLLBACK);
        Roster before = roster.orElseThrow();
        missing = Map.of(node(1), now.minus(TIMING.grace()));

        scale(3);

        assertThat(members()).containsExactly("n2", "n3", "n4");
        assertThat(cluster().leaving()).extracting(Member::node).containsExactly(node(1));
        Member joined = roster.orElseThrow().member(node(4));
        assertThat(before.members()).extracting(Member::vpcAddress).doesNotContain(joined.vpcAddress());
        assertThat(before.members()).extracting(Member::rdmaAddress).doesNotContain(joined.rdmaAddress());
        reach(node(2));
        reach(node(3));
        reach(node(4));
        move();
        move(verdict(Set.of()));
        assertThat(cluster().phase()).isEqualTo(ClusterPhase.READY);

        scale(4);

        Roster grown = roster.orElseThrow();
        assertThat(grown.members()).extracting(Member::vpcAddress).doesNotHaveDuplicates();
        assertThat(grown.members())
                .extracting(Member::vpcAddress)
                .doesNotContain(before.member(node(1)).vpcAddress());
        assertThat(grown.members())
                .extracting(Member::rdmaAddress)
                .doesNotHaveDuplicates()
                .doesNotContain(before.member(node(1)).rdmaAddress());
    }

    /** Nobody is left to be taken out. */
    @Test
    void whoFailsWhileOthersAreTakenOutAgainDegradesTheCluster() {
        ready(3, OnFailure.REPLACE);
        scale(6);
        say(4, FAILED);
        assertThat(move()).isInstanceOf(ClusterMove.BackedOut.class);
        say(1, FAILED);

        assertThat(move()).isEqualTo(new ClusterMove.Degraded("no room"));

        assertThat(members()).containsExactly("n1", "n2", "n3");
        assertThat(cluster().phase()).isEqualTo(ClusterPhase.DEGRADED);
    }
}
