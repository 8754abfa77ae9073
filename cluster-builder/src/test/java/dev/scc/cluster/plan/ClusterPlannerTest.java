package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Happening;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.VpcVerdict;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterPlannerTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Timing TIMING =
            new Timing(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofHours(1));
    private static final NodeStatus.State REACHED = new NodeStatus.Reached(DEMO, 1, Optional.empty());
    private static final NodeStatus.State FAILED = new NodeStatus.StepFailed("add link:eni0", "no room", List.of());

    private World world = creating();
    private Instant now = Instant.ofEpochMilli(1000);
    private Map<NodeName, Instant> missing = Map.of();

    private static World creating() {
        World free = Worlds.free(3);
        CreatePlanner.Plan.Build build = (CreatePlanner.Plan.Build)
                CreatePlanner.plan(ClusterSpec.of("demo", 3), Optional.empty(), "r1", free, 5, 1000);
        return Worlds.after(free, build.changes());
    }

    private NextStep next(Optional<VerificationResult> verification) {
        Held<ClusterRecord> held = Worlds.cluster(world, "demo");
        return new ClusterPlanner(new Situation(world, missing, TIMING, now), 5)
                .next(held, verification, Optional.empty());
    }

    private NextStep.Commit commit() {
        return assertThat(next(Optional.empty()))
                .asInstanceOf(type(NextStep.Commit.class))
                .actual();
    }

    private void say(int node, NodeStatus.State state) {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(new NodeName("n" + node), (_, before) -> Worlds.saying(before, state));
        world = new World(nodes, world.clusters(), world.pools());
    }

    private void carryOut() {
        world = Worlds.after(world, commit().changes());
    }

    private ClusterPhase phase() {
        return Worlds.cluster(world, "demo").value().phase();
    }

    private static Outcome outcome(NextStep.Commit commit) {
        RequestChange.Answer answer =
                Worlds.only(RequestChange.Answer.class, commit.changes()).getFirst();
        assertThat(answer.request()).isEqualTo("r1");
        return answer.outcome();
    }

    @Test
    void nothingIsDoneBeforeTheLastNodeHasReachedTheRoster() {
        say(1, REACHED);
        say(2, REACHED);

        assertThat(next(Optional.empty())).isEqualTo(new NextStep.Wait(Duration.ofSeconds(60)));

        say(3, REACHED);
        carryOut();
        assertThat(phase()).isEqualTo(ClusterPhase.VERIFYING);
        assertThat(next(Optional.empty())).isInstanceOf(NextStep.Verify.class);
    }

    @Test
    void whatANodeSaidOfAnEarlierAssignmentCountsForNothing() {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.replaceAll((_, node) -> new Node(
                node.record(),
                node.assignment(),
                Optional.of(new NodeStatus(node.assignment().version() - 1, REACHED, List.of())),
                node.inventory(),
                node.alive()));
        world = new World(nodes, world.clusters(), world.pools());

        assertThat(next(Optional.empty())).isInstanceOf(NextStep.Wait.class);
    }

    @Test
    void aNodeThatIsTooLateFailsTheBuildAndIsNamed() {
        say(1, REACHED);
        say(3, REACHED);
        now = now.plusSeconds(60);

        carryOut();

        ClusterRecord cluster = Worlds.cluster(world, "demo").value();
        assertThat(cluster.phase()).isEqualTo(ClusterPhase.ROLLING_BACK);
        assertThat(cluster.failure().orElseThrow().node()).contains(new NodeName("n2"));
        assertThat(world.nodes().values())
                .allSatisfy(node -> assertThat(node.assignment().value()).isInstanceOf(Assignment.Leave.class));
    }

    @Test
    void aMissingAgentIsWaitedForUntilTheGraceIsOver() {
        missing = Map.of(new NodeName("n1"), now);

        assertThat(next(Optional.empty())).isEqualTo(new NextStep.Wait(Duration.ofSeconds(10)));

        now = now.plusSeconds(10);
        assertThat(commit().move())
                .asInstanceOf(type(ClusterMove.RolledBack.class))
                .satisfies(rolledBack -> assertThat(rolledBack.why()).contains("gone for 10 s"));
    }

    @Test
    void nothingIsFreedBeforeAllAreClean() {
        say(2, FAILED);
        carryOut();
        say(1, new NodeStatus.Clean());
        say(3, new NodeStatus.Clean());
        assertThat(next(Optional.empty())).isInstanceOf(NextStep.Wait.class);

        say(2, new NodeStatus.Clean());

        NextStep.Commit gone = commit();
        assertThat(outcome(gone)).asInstanceOf(type(Outcome.Failed.class)).satisfies(failed -> {
            assertThat(failed.failure().step()).contains(new Failure.OfNode("add link:eni0"));
            assertThat(failed.failure().why()).isEqualTo("no room");
            assertThat(failed.failure().left()).isEmpty();
        });
        world = Worlds.after(world, gone.changes());
        assertThat(world.clusters()).isEmpty();
        assertThat(world.nodes().values())
                .allMatch(Node::clean)
                .allMatch(node -> node.assignment().value() instanceof Assignment.Leave);
        assertThat(world.pools().value().networks()).containsKey(70);

        NodeCare.Care care = new NodeCare(new Situation(world, missing, TIMING, now), 5).welcomeBack();

        assertThat(care.happenings()).containsExactly(new Happening.NodesFreed(3, "n[1-3]", DEMO));
        world = Worlds.after(world, care.changes());
        assertThat(world.nodes().values()).allMatch(node -> node.assignment().value() instanceof Assignment.Free);
        assertThat(world.pools().value().networks()).isEmpty();
    }

    @Test
    void aNodeThatDoesNotGetCleanIsGivenUpButNotGivenOut() {
        say(2, FAILED);
        carryOut();
        say(1, new NodeStatus.Clean());
        say(3, new NodeStatus.Clean());
        say(2, FAILED);
        now = now.plusSeconds(30);

        NextStep.Commit gone = commit();

        assertThat(outcome(gone)).asInstanceOf(type(Outcome.Failed.class)).satisfies(failed -> {
            assertThat(failed.failure().left()).containsExactly("node n2: add link:eni0: no room");
            assertThat(failed.failure().done()).isEqualTo("everything was undone on 2 of 3 nodes");
            assertThat(failed.failure().next()).startsWith("bring the named nodes back");
        });
        world = Worlds.after(world, gone.changes());
        assertThat(Worlds.node(world, "n2").assignment().value()).isInstanceOf(Assignment.Leave.class);
        assertThat(world.pools().value().networks()).containsKey(70);
    }

    @Test
    void verbsThatCannotBeUsedAreNeverOk() {
        for (int i = 1; i <= 3; i++) {
            say(i, REACHED);
        }
        carryOut();

        NextStep step = next(Optional.of(
                new VerificationResult.CannotVerify(Optional.of(new NodeName("n2")), "libdisni.so is not there")));

        assertThat(step)
                .asInstanceOf(type(NextStep.Commit.class))
                .satisfies(commit -> assertThat(commit.move())
                        .isEqualTo(new ClusterMove.RolledBack("cannot verify: libdisni.so is not there")));
    }

    /** Whatever nodes say in whatever order, a node that is not clean is never freed, and the end is one of two. */
    @Test
    void randomAnswersEndInReadyOrInNothing() {
        for (int i = 0; i < 500; i++) {
            long seed = 9_000L + i;
            Random random = new Random(seed);
            world = creating();
            now = Instant.ofEpochMilli(1000);
            for (int step = 0;
                    step < 60 && world.clusters().containsKey(DEMO) && phase() != ClusterPhase.READY;
                    step++) {
                int who = 1 + random.nextInt(3);
                Node node = Worlds.node(world, "n" + who);
                boolean leaving = node.assignment().value() instanceof Assignment.Leave;
                say(who, leaving ? new NodeStatus.Clean() : random.nextInt(8) == 0 ? FAILED : REACHED);
                NextStep next = phase() == ClusterPhase.VERIFYING
                        ? next(Optional.of(verdict(random.nextInt(3) > 0)))
                        : next(Optional.empty());
                if (next instanceof NextStep.Commit commit) {
                    World before = world;
                    world = Worlds.after(world, commit.changes());
                    world.nodes().forEach((name, after) -> {
                        if (after.assignment().value() instanceof Assignment.Free) {
                            assertThat(Worlds.node(before, name.value()).clean())
                                    .as("seed %d", seed)
                                    .isTrue();
                        }
                    });
                }
            }
            boolean ready = world.clusters().containsKey(DEMO);
            assertThat(world.nodes().values())
                    .as("seed %d", seed)
                    .allSatisfy(node -> assertThat(node.assignment().value() instanceof Assignment.Serve)
                            .isEqualTo(ready));
        }
    }

    private static VerificationResult verdict(boolean ok) {
        List<NodeName> nodes = List.of(new NodeName("n1"), new NodeName("n2"), new NodeName("n3"));
        var results = dev.scc.fabric.verify.Schedule.of(nodes, dev.scc.fabric.verify.Pattern.FULL).pairs().stream()
                .map(pair -> ok
                        ? ProbeResult.passed(pair, new ProbeOutcome.Passed(1, 1, 1, 1, 1))
                        : ProbeResult.failed(pair, "no answer"))
                .toList();
        return new VerificationResult.Judged(
                dev.scc.fabric.verify.Verdict.of(nodes, dev.scc.fabric.verify.Pattern.FULL, results),
                VpcVerdict.NOTHING,
                5);
    }

    private Failure undone() {
        for (int node = 1; node <= 3; node++) {
            say(node, new NodeStatus.Clean());
        }
        return assertThat(outcome(commit()))
                .asInstanceOf(type(Outcome.Failed.class))
                .actual()
                .failure();
    }

    @Test
    void whenAllIsUndoneItIsSaidWhatToLookAt() {
        World before = world;
        say(2, FAILED);
        carryOut();
        assertThat(undone().done()).isEqualTo("everything was undone on all 3 nodes");
        assertThat(undone().next()).startsWith("\"scc doctor n2\"");

        world = before;
        for (int node = 1; node <= 3; node++) {
            say(node, REACHED);
        }
        carryOut();
        NextStep.Commit back = assertThat(next(Optional.of(verdict(false))))
                .asInstanceOf(type(NextStep.Commit.class))
                .actual();
        world = Worlds.after(world, back.changes());
        String known =
                Worlds.cluster(world, "demo").value().failure().orElseThrow().next();
        assertThat(undone().next()).isEqualTo(known).doesNotStartWith("\"scc doctor n");
    }

    /** Somebody has given it to another cluster by hand, or older data were restored. */
    @Test
    void aMemberThatServesAnotherClusterIsNotToldToLeave() {
        ClusterRecord cluster = Worlds.cluster(world, "demo").value();
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.put(new NodeName("n1"), Worlds.node(1, new Assignment.Serve(5, new ClusterName("other"), 1, 70), true));
        nodes.put(new NodeName("n2"), Worlds.node(2, new Assignment.Serve(5, DEMO, 1, 71), true));

        assertThat(Leaving.dismiss(new World(nodes, world.clusters(), world.pools()), cluster, 6))
                .containsExactly(new NodeChange.Assign(new NodeName("n3"), 1, new Assignment.Leave(6, DEMO, 70)));

        nodes.put(new NodeName("n1"), Worlds.node(1, new Assignment.Free(5, 0), true));
        nodes.put(new NodeName("n2"), Worlds.node(2, new Assignment.Leave(5, DEMO, 70), true));
        assertThat(Leaving.dismiss(new World(nodes, world.clusters(), world.pools()), cluster, 6))
                .hasSize(1);
    }

    /** By hand, or by servers that have got older data: nothing of this cluster can be on it. */
    @Test
    void aMemberThatServesAnotherClusterByNowIsNotWaitedFor() {
        say(2, FAILED);
        carryOut();
        say(1, new NodeStatus.Clean());
        say(3, new NodeStatus.Clean());
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.put(new NodeName("n2"), Worlds.node(2, new Assignment.Serve(5, new ClusterName("other"), 1, 71), true));
        world = new World(nodes, world.clusters(), world.pools());

        assertThat(commit().move()).isEqualTo(new ClusterMove.Gone(false));
    }
}
