package dev.scc.job.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobEnd;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiFamily;
import dev.scc.job.OwnTime;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import dev.scc.job.TestCluster;
import dev.scc.job.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final Roster ROSTER = TestCluster.rosterOf(
            List.of(TestCluster.member(1, "127.0.0.1:1", "rxe0"), TestCluster.member(2, "127.0.0.1:2", "rxe0")));
    private static final Restarts.Place PLACE = new Restarts.Place(ROSTER, Optional.empty());
    private static final JobSpec SPEC = JobSpec.of(List.of("app"));

    private final List<String> happened = new ArrayList<>();
    private final OwnTime time = new OwnTime();
    private int asked;
    private Roster now = ROSTER;

    private Restarts restarts(int most, boolean loose) {
        return new Restarts(
                ROSTER.cluster(),
                most,
                Duration.ofMinutes(10),
                () -> Optional.of(new Restarts.State(
                        ClusterPhase.READY,
                        now.revision(),
                        "",
                        Optional.of(new Restarts.Place(now, Optional.empty())))),
                (_, lead, job) -> {
                    happened.add("end " + job + " at " + lead.node());
                    return ++asked > 1;
                },
                loose,
                time,
                _ -> {});
    }

    private static JobOutcome outcome(JobEnd end) {
        Receipt receipt = new Receipt(
                new JobId("demo-1"),
                ROSTER.cluster(),
                MpiFamily.NONE,
                1,
                0,
                Transport.NONE,
                List.of(
                        new Receipt.NodeUse(new NodeName("n1"), "rxe0", 0, 0),
                        new Receipt.NodeUse(new NodeName("n2"), "rxe0", 0, 0)),
                List.of());
        return new JobOutcome.Ended(end, List.of(), List.of(), receipt);
    }

    private static RpcFailed broken() {
        return new RpcFailed(RpcFailed.Kind.UNREACHABLE, "the connection broke");
    }

    @Test
    void anAttemptOfWhoseLeadNothingIsHeardIsEndedBeforeTheNextOne() throws Exception {
        restarts(1, true).run(PLACE, SPEC, (_, spec, started) -> {
            happened.add("run " + spec.restarts() + " after " + spec.earlier());
            started.accept(new JobId("demo-" + spec.restarts()));
            if (spec.restarts() == 0) {
                throw broken();
            }
            return outcome(new JobEnd.Done());
        });

        assertThat(happened)
                .containsExactly("run 0 after []", "end demo-0 at n1", "end demo-0 at n1", "run 1 after [demo-0]");
    }

    @Test
    void anAttemptWhoseEndWasToldIsOver() throws Exception {
        restarts(2, false).run(PLACE, SPEC, (_, spec, started) -> {
            started.accept(new JobId("demo-" + spec.restarts()));
            return outcome(spec.restarts() < 2 ? new JobEnd.NodeLost("node n2 was lost") : new JobEnd.Done());
        });

        assertThat(happened).isEmpty();
    }

    @Test
    void anAttemptThatMayGoOnAndHasNoNameIsNotFollowedByAnother() {
        assertThatThrownBy(() -> restarts(1, true).run(PLACE, SPEC, (_, spec, _) -> {
                    happened.add("run " + spec.restarts());
                    throw broken();
                }))
                .isInstanceOf(RpcFailed.class);

        assertThat(happened).containsExactly("run 0");
    }

    @Test
    void whatALeadRefusesToBeginIsToldAtOnce() {
        assertThatThrownBy(() -> restarts(1, false).run(PLACE, SPEC, (_, spec, _) -> {
                    happened.add("run " + spec.restarts());
                    throw new RpcFailed(RpcFailed.Kind.REFUSED, "another command has this id");
                }))
                .hasMessageContaining("another command has this id");

        assertThat(happened).containsExactly("run 0");
        assertThat(time.nanos()).isZero();
    }

    /** When the second attempt begins, if the cluster is like this when the first one has lost a node. */
    private Duration againAfter(Roster then) throws Exception {
        restarts(1, false).run(PLACE, SPEC, (_, spec, started) -> {
            started.accept(new JobId("demo-" + spec.restarts()));
            now = then;
            return outcome(spec.restarts() < 1 ? new JobEnd.NodeLost("node n2 was lost") : new JobEnd.Done());
        });
        return Duration.ofNanos(time.nanos());
    }

    private static Roster second(Member... members) {
        return new Roster(ROSTER.cluster(), 2, 1, ROSTER.vpc(), ROSTER.segment(), List.of(members));
    }

    @Test
    void aRepairOfAnotherNodeBeforeTheLossIsNotTakenForOneAfterIt() throws Exception {
        Member third = TestCluster.member(3, "127.0.0.1:3", "rxe0");

        Duration later =
                againAfter(second(ROSTER.members().getFirst(), ROSTER.members().getLast(), third));

        assertThat(later).isGreaterThan(Duration.ofSeconds(30));
    }

    @Test
    void aClusterWithoutTheLostNodeIsRepaired() throws Exception {
        Member third = TestCluster.member(3, "127.0.0.1:3", "rxe0");

        assertThat(againAfter(second(ROSTER.members().getFirst(), third))).isZero();
    }

    private static JobOutcome unable() {
        return new JobOutcome.Refused(new Refusal.NodeUnable(new NodeName("n2"), "node n2 does not answer"), List.of());
    }

    @Test
    void aRestartThatANodeCouldNotTakePartInCostsNoAttempt() throws Exception {
        JobOutcome outcome = restarts(1, false).run(PLACE, SPEC, (_, spec, started) -> {
            happened.add("run " + spec.restarts());
            if (happened.size() == 2) {
                return unable();
            }
            started.accept(new JobId("demo-" + happened.size()));
            return outcome(happened.size() == 1 ? new JobEnd.NodeLost("node n2 was lost") : new JobEnd.Done());
        });

        assertThat(happened).containsExactly("run 0", "run 1", "run 1");
        assertThat(outcome).isEqualTo(outcome(new JobEnd.Done()));
    }

    @Test
    void aNodeThatNeverTakesPartAgainIsNotWaitedForLongerThanTheRepair() throws Exception {
        JobOutcome outcome = restarts(1, false).run(PLACE, SPEC, (_, spec, started) -> {
            happened.add("run " + spec.restarts());
            if (spec.restarts() > 0) {
                return unable();
            }
            started.accept(new JobId("demo-0"));
            return outcome(new JobEnd.NodeLost("node n2 was lost"));
        });

        assertThat(outcome).isEqualTo(unable());
        assertThat(happened).hasSizeGreaterThan(2);
        assertThat(Duration.ofNanos(time.nanos())).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    }
}
