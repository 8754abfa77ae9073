package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.api.Waiting;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a caller is told of its request while the test writes what a controller and agents would, one step each time that the
 * server waits. The clock goes on only while it waits.
 */
@Timeout(240)
class RequestProgressTest {
    private static final String ID = "r1";
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final ClusterSpec SPEC = ClusterSpec.of("demo", 2);
    private static final Request CREATE = new Request.Create(SPEC);
    private static final ClusterRecord.Creating CREATING = ClusterRecord.begun(SPEC, 7, List.of(N1, N2), 0, ID);
    private static final Outcome DONE = new Outcome.Done(3, List.of());
    private static final Told BEAT = new Told.Beat();
    private static final Told ACCEPTED = new Told.Accepted();

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final List<Told> told = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final Steps clock = new Steps();

    private interface Step {
        void take() throws Exception;
    }

    private record Subscriber(String path, Consumer<String> named, Runnable anything) {}

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    /** Something happens the next time that the server waits, or the time after what was said before. */
    private void then(Step step) {
        steps.add(step);
    }

    private void write(String path, Object value) throws Exception {
        Optional<Entry> there = tree.get(path);
        tree.commit(List.of(
                there.isPresent()
                        ? new Op.Set(path, Json.write(value), there.get().version())
                        : new Op.Create(path, Json.write(value))));
        subscribers.stream()
                .filter(one -> path.equals(one.path) || path.startsWith(one.path + "/"))
                .forEach(one -> one.named.accept(path));
    }

    private void says(NodeName node, int assignment, NodeStatus.State state) throws Exception {
        write(Paths.status(node), new NodeStatus(assignment, state, List.of()));
    }

    private static NodeStatus.State reached(int revision) {
        return new NodeStatus.Reached(SPEC.name(), revision, Optional.empty());
    }

    private void assign() throws Exception {
        for (NodeName node : List.of(N1, N2)) {
            write(Paths.assign(node), new Assignment.Serve(1, SPEC.name(), 1, 7));
        }
    }

    /** The controller has begun before this server hears of the request. */
    private void takenUp() throws Exception {
        assign();
        write(Paths.request(ID), new RequestRecord(CREATE, "unknown", 0));
        write(Paths.outcome(ID), new Outcome.InProgress(1));
        write(Paths.cluster(SPEC.name()), CREATING);
    }

    private static Told entered(ClusterPhase phase) {
        return new Told.Moved(new Progress.Entered(phase, 2));
    }

    private static Told done(ClusterPhase phase, NodeName node, int count) {
        return new Told.Moved(new Progress.NodeDone(phase, node, count, 2, List.of()));
    }

    private void follow(Request request, Duration beat) throws Exception {
        Signals signals = (path, named, anything) -> {
            Subscriber subscriber = new Subscriber(path, named, anything);
            subscribers.add(subscriber);
            return () -> subscribers.remove(subscriber);
        };
        new RequestFollowing(tree, signals, clock, ID, new RequestRecord(request, "unknown", 0), told::add).run(beat);
    }

    private void follow() throws Exception {
        follow(CREATE, Duration.ZERO);
    }

    @Test
    void whatBecomesOfACreateIsToldInOrder() throws Exception {
        then(() -> {
            assign();
            write(Paths.outcome(ID), new Outcome.InProgress(1));
            write(Paths.cluster(SPEC.name()), CREATING);
        });
        then(() -> says(N1, 0, reached(1)));
        then(() -> says(N2, 0, new NodeStatus.StepFailed("add link:eni0", "no memory", List.of())));
        then(() -> write(Paths.cluster(SPEC.name()), CREATING.built(5)));
        then(() -> {
            write(Paths.cluster(SPEC.name()), CREATING.built(5).ready(6, List.of()));
            write(Paths.outcome(ID), DONE);
        });

        follow();

        assertThat(told)
                .containsExactly(
                        BEAT,
                        ACCEPTED,
                        entered(ClusterPhase.CREATING),
                        done(ClusterPhase.CREATING, N1, 1),
                        new Told.Moved(
                                new Progress.NodeFailed(ClusterPhase.CREATING, N2, "add link:eni0", "no memory")),
                        entered(ClusterPhase.VERIFYING),
                        entered(ClusterPhase.READY),
                        new Told.Ended(DONE));
        assertThat(subscribers).isEmpty();
        assertThat(Json.read(tree.get(Paths.request(ID)).orElseThrow().text(), RequestRecord.class))
                .isEqualTo(new RequestRecord(CREATE, "unknown", 0));
    }

    @Test
    void whatANodeSaidOfAnotherAssignmentIsNotTold() throws Exception {
        takenUp();
        says(N1, 9, reached(1));
        says(N2, 0, reached(1));
        then(() -> says(N1, 9, new NodeStatus.Clean()));
        then(() -> says(N1, 8, reached(2)));
        then(() -> says(N1, 8, new NodeStatus.Reached(new ClusterName("other"), 1, Optional.empty())));
        then(() -> says(N1, 0, new NodeStatus.Clean()));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(told)
                .containsExactly(
                        BEAT,
                        ACCEPTED,
                        entered(ClusterPhase.CREATING),
                        done(ClusterPhase.CREATING, N2, 1),
                        done(ClusterPhase.CREATING, N1, 2),
                        new Told.Ended(DONE));
    }

    @Test
    void ofNodesThatNoWatchHasNamedNothingIsTold() throws Exception {
        takenUp();
        then(() -> tree.commit(
                List.of(new Op.Create(Paths.status(N1), Json.write(new NodeStatus(0, reached(1), List.of()))))));
        then(() -> assertThat(told).hasSize(3));
        then(() -> subscribers.stream()
                .filter(one -> one.path.equals(Paths.STATUS))
                .forEach(one -> one.anything.run()));
        then(() -> assertThat(told).hasSize(4));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(told).endsWith(done(ClusterPhase.CREATING, N1, 1), new Told.Ended(DONE));
        assertThat(waits).as("what may have changed is looked at at once").contains(Duration.ofMillis(250));
    }

    /** Of thousands that say so at about the same time. */
    @Test
    void theAssignmentOfWhoSaysThatItBelongsToTheClusterIsNotRead() throws Exception {
        takenUp();
        List<String> read = new ArrayList<>();
        tree = new ForwardingTree(zooKeeper.tree()) {
            @Override
            public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
                read.addAll(paths);
                return super.get(paths);
            }
        };
        then(() -> {
            read.clear();
            says(N1, 0, reached(1));
            says(N2, 9, new NodeStatus.Clean());
        });
        then(() -> {
            assertThat(read).contains(Paths.status(N1), Paths.assign(N2)).doesNotContain(Paths.assign(N1));
            assertThat(subscribers)
                    .filteredOn(one -> one.path.equals(Paths.STATUS))
                    .hasSize(1);
            read.clear();
            write(Paths.outcome(ID), new Outcome.InProgress(2));
        });
        then(() -> {
            assertThat(read).as("it has not said anything new").doesNotContain(Paths.status(N2));
            write(Paths.outcome(ID), DONE);
        });

        follow();

        assertThat(told).contains(done(ClusterPhase.CREATING, N1, 1));
    }

    @Test
    void inAnotherPhaseEachNodeIsToldAgain() throws Exception {
        takenUp();
        says(N1, 0, reached(1));
        says(N2, 0, reached(1));
        then(() -> {
            for (NodeName node : List.of(N1, N2)) {
                write(Paths.assign(node), new Assignment.Leave(1, SPEC.name(), 7));
            }
            says(N2, 1, new NodeStatus.Clean());
            write(Paths.cluster(SPEC.name()), CREATING.delete(5, ID));
        });
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(told)
                .containsExactly(
                        BEAT,
                        ACCEPTED,
                        entered(ClusterPhase.CREATING),
                        done(ClusterPhase.CREATING, N1, 1),
                        done(ClusterPhase.CREATING, N2, 2),
                        entered(ClusterPhase.DELETING),
                        done(ClusterPhase.DELETING, N2, 1),
                        new Told.Ended(DONE));
    }

    @Test
    void theClusterOfARefusedRequestIsAnothersBusiness() throws Exception {
        Outcome refused = new Outcome.Refused(3, Refusal.NAME_TAKEN, "there is one");
        write(Paths.cluster(SPEC.name()), CREATING);
        then(() -> assertThat(told).containsExactly(BEAT, ACCEPTED));
        then(() -> write(Paths.outcome(ID), refused));

        follow();

        assertThat(told).containsExactly(BEAT, ACCEPTED, new Told.Ended(refused));
    }

    @Test
    void theSameRequestIsFollowedAndAnotherOneOfItsIdIsNot() throws Exception {
        write(Paths.request(ID), new RequestRecord(CREATE, "somebody", 5));
        write(Paths.outcome(ID), DONE);

        follow();
        assertThat(told).containsExactly(BEAT, ACCEPTED, new Told.Ended(DONE));

        assertThatThrownBy(() -> follow(new Request.Delete(SPEC.name()), Duration.ZERO))
                .isInstanceOf(RequestIdTaken.class)
                .hasMessage("request id r1 belongs to another request: create demo");
        assertThat(subscribers).isEmpty();
    }

    @Test
    void aRequestIsAcceptedOnlyWhenItIsInTheTree() throws Exception {
        tree.commit(List.of(new Op.Delete(Paths.REQUESTS, 0)));
        then(() -> assertThat(told).containsExactly(BEAT));
        then(() -> tree.commit(List.of(new Op.Create(Paths.REQUESTS, ""))));
        then(() -> assertThat(told).containsExactly(BEAT, ACCEPTED));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(told).containsExactly(BEAT, ACCEPTED, new Told.Ended(DONE));
    }

    @Test
    void whileNothingIsNewItSaysAsOftenAsIsWantedThatItIsThere() throws Exception {
        Duration beat = Duration.ofMillis(300);
        for (int i = 0; i < 4; i++) {
            then(() -> {});
        }
        then(() -> write(Paths.outcome(ID), DONE));

        follow(CREATE, beat);

        assertThat(told).containsExactly(BEAT, ACCEPTED, BEAT, BEAT, BEAT, BEAT, new Told.Ended(DONE));
        assertThat(waits).containsOnly(beat);
    }

    @Test
    void whoWantsNoBeatIsLookedAfterOnceASecondAndToldNothing() throws Exception {
        then(() -> {});
        then(() -> {});
        then(() -> tree.commit(List.of(new Op.Create(Paths.outcome(ID), Json.write(DONE)))));

        follow();

        assertThat(told).containsExactly(BEAT, ACCEPTED, new Told.Ended(DONE));
        assertThat(waits).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void whoWantsARareBeatIsLookedAfterOnceASecondAllTheSame() throws Exception {
        then(() -> {});
        then(() -> tree.commit(List.of(new Op.Create(Paths.outcome(ID), Json.write(DONE)))));

        follow(CREATE, Duration.ofSeconds(5));

        assertThat(told).containsExactly(BEAT, ACCEPTED, new Told.Ended(DONE));
        assertThat(waits).containsOnly(Duration.ofSeconds(1));
    }

    /** What nodes say is gathered for a while; what the cluster or the request does is told at once. */
    @Test
    void onlyWhatSingleNodesSayWaits() throws Exception {
        takenUp();
        then(() -> says(N1, 0, reached(1)));
        then(() -> write(Paths.cluster(SPEC.name()), CREATING.built(5)));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(waits)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @Test
    void whatHappensToTheRequestOrItsClusterIsSeenAtOnce() throws Exception {
        then(() -> write(Paths.outcome(ID), new Outcome.InProgress(1)));
        then(() -> write(Paths.cluster(SPEC.name()), CREATING));
        then(() -> write(Paths.cluster(SPEC.name()), CREATING.built(5)));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(clock.nanos).isZero();
    }

    /** At each wait of the server a step is taken; if nobody rings during it, the time is over. */
    private final class Steps implements Waiting {
        /** Clocks of machines count from some moment. */
        private static final long BEGIN = -77_000_000_000L;

        private long nanos;
        private boolean gathering;

        @Override
        public long nanos() {
            return BEGIN + nanos;
        }

        @Override
        public Bell bell() {
            return new Bell() {
                private boolean rung;

                @Override
                public void ring() {
                    rung = true;
                }

                @Override
                public void forget() {
                    rung = false;
                    gathering = false;
                }

                @Override
                public boolean await(Duration atMost) {
                    if (!rung || !gathering) {
                        waits.add(atMost);
                    }
                    if (!gathering) {
                        step();
                    }
                    nanos += rung ? 0 : atMost.toNanos();
                    gathering = true;
                    return rung;
                }
            };
        }

        private void step() {
            Step step = steps.poll();
            if (step == null) {
                throw new AssertionError("the server waits, and nothing more happens; it has told " + told);
            }
            try {
                step.take();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Its server has seen the status, and not yet that the cluster is deleted. */
    @Test
    void whatANodeHasSaidBeforeThePhaseWasSeenIsToldInIt() throws Exception {
        takenUp();
        says(N2, 0, reached(1));
        then(() -> {
            write(Paths.assign(N2), new Assignment.Leave(1, SPEC.name(), 7));
            says(N2, 1, new NodeStatus.Clean());
        });
        then(() -> write(Paths.cluster(SPEC.name()), CREATING.delete(5, ID)));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(told)
                .endsWith(
                        done(ClusterPhase.CREATING, N2, 1),
                        entered(ClusterPhase.DELETING),
                        done(ClusterPhase.DELETING, N2, 1),
                        new Told.Ended(DONE));
    }

    /** Each signal counts once, for what it is. */
    @Test
    void afterASignalTheNextLookWaitsForAnotherOne() throws Exception {
        takenUp();
        then(() -> write(Paths.outcome(ID), new Outcome.InProgress(2)));
        then(() -> says(N1, 0, reached(1)));
        then(() -> {});
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(clock.nanos).isEqualTo(Duration.ofMillis(1_250).toNanos());
    }

    /** Requests that are long over are forgotten. */
    @Test
    void aRequestThatIsForgottenAtThatVeryMomentIsWrittenAnew() throws Exception {
        int[] tries = {0};
        tree = new ForwardingTree(zooKeeper.tree()) {
            @Override
            public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
                if (ops.getFirst().path().equals(Paths.request(ID)) && tries[0]++ == 0) {
                    throw new Conflict(0, ops.getFirst(), Conflict.Why.ALREADY_THERE);
                }
                super.commit(ops);
            }
        };
        then(() -> assertThat(told).containsExactly(BEAT));
        then(() -> write(Paths.outcome(ID), DONE));

        follow();

        assertThat(told).containsExactly(BEAT, ACCEPTED, new Told.Ended(DONE));
    }
}
