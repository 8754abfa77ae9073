package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Event;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Leader;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.Verifier;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A controller, pass by pass, on a real ZooKeeper into which the test writes what agents and clients would. */
@Timeout(240)
class ControllerTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Timing TIMING = Timing.usual();

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Recorded verifier = new Recorded();
    private Controller controller;

    /** Says what the test wants it to say. */
    private static final class Recorded implements Verifier {
        private final List<String> asked = new ArrayList<>();
        private List<String> retained = List.of("not told yet");
        private Optional<VerificationResult> result = Optional.empty();

        @Override
        public Optional<VerificationResult> result(String session, Roster roster, Pattern pattern) {
            asked.add(session);
            return result;
        }

        @Override
        public void retain(Collection<String> sessions) {
            retained = List.copyOf(sessions);
        }
    }

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        controller = new Controller(tree, "s1", verifier, () -> now, TIMING);
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private void write(String path, Object value) throws Exception {
        Optional<Entry> there = tree.get(path);
        String text = Json.write(value);
        tree.commit(
                List.of(there.isPresent() ? new Op.Set(path, text, there.get().version()) : new Op.Create(path, text)));
    }

    /** Until nothing is left to do; answers how long that will be so. Each pass does one thing. */
    private Duration rest() throws Exception {
        for (int passes = 0; passes < 20; passes++) {
            Duration pause = controller.run();
            if (!pause.isZero()) {
                return pause;
            }
        }
        throw new AssertionError("it does not come to rest");
    }

    private List<String> events() throws Exception {
        List<String> told = new ArrayList<>();
        for (String key : tree.children(Paths.EVENTS).stream().sorted().toList()) {
            Event event =
                    Json.read(tree.get(Paths.EVENTS + "/" + key).orElseThrow().text(), Event.class);
            told.add(event.name() + " " + event.what());
        }
        return told;
    }

    private Outcome outcome(String id) throws Exception {
        return Json.read(tree.get(Paths.outcome(id)).orElseThrow().text(), Outcome.class);
    }

    private Assignment assignment() throws Exception {
        return Json.read(tree.get(Paths.assign(N1)).orElseThrow().text(), Assignment.class);
    }

    private ClusterPhase phase() throws Exception {
        return Json.read(tree.get(Paths.cluster(DEMO)).orElseThrow().text(), ClusterRecord.class)
                .phase();
    }

    private void says(NodeStatus.State state) throws Exception {
        int version = tree.get(Paths.assign(N1)).orElseThrow().version();
        write(Paths.status(N1), new NodeStatus(version, state, List.of()));
    }

    /** n1 is enrolled, alive, has said what it has, and is clean. */
    private void enrol() throws Exception {
        Alive machine = new Alive("instance", Ipv4.parse("10.99.0.1"), Optional.of("10.99.0.1:7070"));
        tree.commit(List.of(new Op.CreateEphemeral(Paths.enrol(N1), Json.write(machine))));
        rest();
        NodeInventory has = NodeInventory.of(
                "6.1.0",
                2,
                1L << 30,
                List.of(new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of("10.99.0.1/24"))),
                List.of(new RdmaDevice("rxe0", "eth1", "ACTIVE", 4096, List.of())));
        tree.commit(List.of(
                new Op.Delete(Paths.enrol(N1), 0),
                new Op.CreateEphemeral(Paths.alive(N1), Json.write(machine)),
                new Op.Create(Paths.inventory(N1), Json.write(Inventory.of(N1, "eth1", "test", has)))));
        says(new NodeStatus.Clean());
        rest();
    }

    private void ask(String id, Request request) throws Exception {
        write(Paths.request(id), new RequestRecord(request, "unknown", now.toEpochMilli()));
        rest();
    }

    private void reach() throws Exception {
        says(new NodeStatus.Reached(DEMO, 1, Optional.empty()));
        rest();
    }

    @Test
    void whoDoesNotLeadLooksAgainSoonAndHasNothingVerified() throws Exception {
        write(Paths.LEADER, new Leader("s2", 1));

        assertThat(controller.run()).isEqualTo(Duration.ofSeconds(2));

        assertThat(verifier.retained).isEmpty();
        assertThat(tree.children(Paths.EVENTS)).isEmpty();
    }

    @Test
    void whoBeginsToLeadSaysSoOnceAndThenThereIsNothingToDo() throws Exception {
        assertThat(rest()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rest()).isEqualTo(Duration.ofSeconds(30));

        assertThat(events()).hasSize(1);
        assertThat(verifier.retained).isEmpty();
    }

    @Test
    void aMachineThatAsksIsEnrolled() throws Exception {
        enrol();

        assertThat(assignment()).isInstanceOf(Assignment.Free.class);
        assertThat(events()).contains("n1 is enrolled");
    }

    /** Whatever it is that somebody has written there. */
    @Test
    void aWishThatNobodyUnderstandsKeepsNobodyOut() throws Exception {
        tree.commit(List.of(new Op.Create(Paths.enrol(new NodeName("n0")), "?")));

        enrol();

        assertThat(tree.children(Paths.NODES)).containsExactly("n1");
    }

    /** Something of its name is left in the tree. */
    @Test
    void aMachineWhoseEntriesDoNotFitKeepsNobodyElseOut() throws Exception {
        write(Paths.assign(new NodeName("n0")), new Assignment.Free(1, 0));
        for (int number = 0; number <= 2; number++) {
            Alive machine = Alive.at("i" + number, Ipv4.parse("10.99.0.1" + number));
            tree.commit(List.of(new Op.CreateEphemeral(Paths.enrol(new NodeName("n" + number)), Json.write(machine))));
        }

        controller.run();
        controller.run();

        assertThat(tree.children(Paths.NODES)).containsExactly("n1", "n2");
    }

    @Test
    void whatIsIgnoredIsToldOnceAndNoMoreWhenItIsMended() throws Exception {
        String wish = Paths.enrol(new NodeName("n0"));
        tree.commit(List.of(new Op.Create(wish, "?")));
        rest();
        rest();
        assertThat(events()).filteredOn(event -> event.contains(wish)).hasSize(1);

        tree.commit(List.of(new Op.Delete(wish, 0)));
        rest();
        now = now.plus(Duration.ofMinutes(11));
        rest();
        assertThat(events()).filteredOn(event -> event.contains(wish)).hasSize(1);
    }

    @Test
    void aNodeIsLostWhenItsAgentHasBeenGoneForLongEnough() throws Exception {
        enrol();
        tree.commit(List.of(new Op.Delete(Paths.alive(N1), 0)));

        assertThat(rest()).isEqualTo(TIMING.grace());
        now = now.plus(TIMING.grace()).minusMillis(1);
        assertThat(rest()).isEqualTo(Duration.ofMillis(1));
        assertThat(events()).noneMatch(event -> event.contains("lost"));
        now = now.plusMillis(1);
        assertThat(rest()).isEqualTo(Duration.ofSeconds(30));
        assertThat(events()).anyMatch(event -> event.startsWith("n1 is lost"));

        tree.commit(List.of(
                new Op.CreateEphemeral(Paths.alive(N1), Json.write(Alive.at("instance", Ipv4.parse("10.99.0.1"))))));
        rest();
        assertThat(events()).last().isEqualTo("n1 is back");
    }

    @Test
    void whatIsAskedIsTakenUpOrRefused() throws Exception {
        ask("r1", new Request.Create(ClusterSpec.of("demo", 1)));
        assertThat(outcome("r1"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.NOT_ENOUGH_NODES));

        enrol();
        ask("r2", new Request.Create(ClusterSpec.of("demo", 1)));
        assertThat(outcome("r2")).isInstanceOf(Outcome.InProgress.class);
        assertThat(assignment()).isInstanceOf(Assignment.Serve.class);
        assertThat(phase()).isEqualTo(ClusterPhase.CREATING);
    }

    private void ask(String id, String caller, Request request) throws Exception {
        write(Paths.request(id), new RequestRecord(request, caller, now.toEpochMilli()));
        rest();
    }

    private Optional<Refusal> refusal(String id) throws Exception {
        return outcome(id) instanceof Outcome.Refused refused ? Optional.of(refused.reason()) : Optional.empty();
    }

    /** Class of hole: a check at the door alone, which a request that is inside does not meet. */
    @Test
    void whatPeopleMayDoIsJudgedWhenItIsDecidedByWhatTheTreeSaysOfThemThen() throws Exception {
        enrol();
        write(Paths.user("eve"), new PersonRecord(Role.USER, Rights.NONE));
        ask("r1", "user:ada", new Request.Create(ClusterSpec.of("demo", 1)));
        assertThat(refusal("r1")).contains(Refusal.NOT_ENTITLED);

        write(Paths.user("ada"), new PersonRecord(Role.USER, new Rights(List.of(), Optional.empty(), Optional.of(0))));
        ask("r2", "user:ada", new Request.Create(ClusterSpec.of("demo", 1)));
        assertThat(refusal("r2")).contains(Refusal.OVER_QUOTA);

        write(Paths.user("ada"), new PersonRecord(Role.USER, Rights.NONE));
        ask("r3", "user:ada", new Request.Create(ClusterSpec.of("demo", 1)));
        assertThat(outcome("r3")).isInstanceOf(Outcome.InProgress.class);
        ask("r4", "user:eve", new Request.Delete(DEMO));
        assertThat(refusal("r4")).contains(Refusal.NOT_ENTITLED);
        assertThat(phase()).isEqualTo(ClusterPhase.CREATING);
        ask("r5", "user:ada", new Request.Delete(DEMO));
        assertThat(phase()).isEqualTo(ClusterPhase.DELETING);
    }

    @Test
    void aRequestOfWhomNobodyKnowsWhoHeIsIsRefused() throws Exception {
        ask("r1", "", new Request.Collect());
        ask("r2", "root:ada", new Request.Collect());

        assertThat(refusal("r1")).contains(Refusal.INVALID);
        assertThat(refusal("r2")).contains(Refusal.INVALID);
    }

    @Test
    void aRequestThatNobodyUnderstandsIsRefused() throws Exception {
        tree.commit(List.of(new Op.Create(Paths.request("r1"), "?")));

        rest();

        assertThat(outcome("r1"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.INVALID));
    }

    @Test
    void aClusterIsVerifiedOnceAndTheVerificationIsForgottenAfterwards() throws Exception {
        enrol();
        ask("r1", new Request.Create(ClusterSpec.of("demo", 1)));
        reach();
        assertThat(phase()).isEqualTo(ClusterPhase.VERIFYING);
        assertThat(verifier.retained).hasSize(1);
        rest();
        assertThat(verifier.asked).isNotEmpty().containsOnly(verifier.retained.getFirst());

        verifier.result = Optional.of(new VerificationResult.CannotVerify(Optional.empty(), "no time"));
        rest();

        assertThat(phase()).isEqualTo(ClusterPhase.ROLLING_BACK);
        assertThat(verifier.retained).isEmpty();
    }

    /** Events alone are forgotten: its record is what later clusters are placed by. */
    @Test
    void aNodeThatIsToBlameForAFailedStepHasItAgainstIt() throws Exception {
        enrol();
        ask("r1", new Request.Create(ClusterSpec.of("demo", 1)));
        verifier.result = Optional.of(new VerificationResult.CannotVerify(Optional.of(N1), "no RDMA device"));

        reach();

        assertThat(phase()).isEqualTo(ClusterPhase.ROLLING_BACK);
        assertThat(events()).anyMatch(event -> event.startsWith("n1 ") && event.contains("no RDMA device"));
        NodeRecord node = tree.get(Paths.node(N1)).orElseThrow().read(NodeRecord.class);
        assertThat(node.health().failures()).isEqualTo(1);
        assertThat(node.health().last()).contains("no RDMA device");
    }

    @Test
    void aClusterThatIsDeletedGivesItsNodesBackAndItsOutcomeIsForgottenInTheEnd() throws Exception {
        enrol();
        ask("r1", new Request.Create(ClusterSpec.of("demo", 1).withVerify(Pattern.OFF)));
        reach();
        assertThat(phase()).isEqualTo(ClusterPhase.READY);
        assertThat(outcome("r1")).isInstanceOf(Outcome.Done.class);

        ask("r2", new Request.Delete(DEMO));
        assertThat(assignment()).isInstanceOf(Assignment.Leave.class);
        says(new NodeStatus.Clean());
        rest();
        assertThat(tree.get(Paths.cluster(DEMO))).isEmpty();
        assertThat(assignment()).isInstanceOf(Assignment.Free.class);
        assertThat(outcome("r2")).isInstanceOf(Outcome.Done.class);

        now = now.plus(TIMING.keepOutcomes()).plusSeconds(1);
        rest();
        assertThat(tree.children(Paths.REQUESTS)).isEmpty();
    }

    /** As soon as there is nothing to do, a pass writes nothing. */
    @Test
    void aPassThatHasNothingToDoWritesNothing() throws Exception {
        enrol();
        int version = tree.get(Paths.EPOCH).orElseThrow().version();
        int events = tree.children(Paths.EVENTS).size();

        for (int passes = 0; passes < 3; passes++) {
            now = now.plusSeconds(30);
            assertThat(controller.run()).isEqualTo(Duration.ofSeconds(30));
        }

        assertThat(tree.get(Paths.EPOCH).orElseThrow().version()).isEqualTo(version);
        assertThat(tree.children(Paths.EVENTS)).hasSize(events);
    }

    @Test
    void aPassWithNothingToDoCommitsNothing() throws Exception {
        enrol();
        AtomicInteger commits = new AtomicInteger();
        Tree counted = new ForwardingTree(tree) {
            @Override
            public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
                commits.incrementAndGet();
                super.commit(ops);
            }
        };
        controller = new Controller(counted, "s1", verifier, () -> now, TIMING);
        rest();
        commits.set(0);

        now = now.plusSeconds(30);
        controller.run();

        assertThat(commits).hasValue(0);
    }

    /** What comes next has to be planned from what is true then. */
    @Test
    void aPassTakesUpOneRequest() throws Exception {
        enrol();
        for (String id : List.of("r1", "r2")) {
            Request label = new Request.Label(N1, Map.of("rack", id), Set.of());
            write(Paths.request(id), new RequestRecord(label, "unknown", now.toEpochMilli()));
        }

        assertThat(controller.run()).isZero();

        assertThat(tree.get(Paths.outcome("r1"))).isPresent();
        assertThat(tree.get(Paths.outcome("r2"))).isEmpty();
    }

    /** Counts how often nodes are listed, as when everything is read; what is written of n1 does not fit as often as wanted. */
    private static final class Misfit extends ForwardingTree {
        private int lists;
        private int misfits;

        Misfit(Tree tree) {
            super(tree);
        }

        @Override
        public List<String> children(String path) throws ConnectionLost, InterruptedException {
            lists += path.equals(Paths.NODES) ? 1 : 0;
            return super.children(path);
        }

        @Override
        public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
            if (misfits > 0
                    && ops.stream()
                            .anyMatch(op -> op instanceof Op.Set && op.path().equals(Paths.node(N1)))) {
                misfits--;
                throw new Conflict(1, new Op.Check(Paths.node(N1), 0), Conflict.Why.OTHER_VERSION);
            }
            super.commit(ops);
        }
    }

    @Test
    void everythingIsReadAnewWhenSomethingDoesNotFitForTheSecondTimeAndNotElse() throws Exception {
        enrol();
        Misfit misfit = new Misfit(tree);
        controller = new Controller(misfit, "s1", verifier, () -> now, TIMING);
        // From here on watches name what has changed, and nothing else is read.
        says(new NodeStatus.Clean());
        rest();
        int lists = misfit.lists;
        rest();
        assertThat(misfit.lists).isEqualTo(lists);

        tree.commit(List.of(new Op.Delete(Paths.alive(N1), 0)));
        rest();
        now = now.plus(TIMING.grace());
        misfit.misfits = 2;
        controller.run();
        controller.run();
        assertThat(misfit.misfits).isZero();
        assertThat(misfit.lists).isEqualTo(lists);
        controller.run();

        assertThat(misfit.lists).isEqualTo(lists + 1);
        assertThat(events()).last().asString().startsWith("n1 is lost");
    }
}
