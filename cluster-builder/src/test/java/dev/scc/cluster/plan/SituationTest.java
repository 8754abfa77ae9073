package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterShape;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Course;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Member;
import dev.scc.cluster.MembershipChange;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who has reached what, who is late and who is lost, to the millisecond. */
class SituationTest {
    private static final Timing TIMING =
            new Timing(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ofHours(1));
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final NodeStatus.State REACHED = new NodeStatus.Reached(DEMO, 1, Optional.empty());
    private static final NodeStatus.State FAILED = new NodeStatus.StepFailed("add link:eni0", "no memory", List.of());

    private static Node serving(int number) {
        return Worlds.node(number, new Assignment.Serve(5, DEMO, 1, 70), true);
    }

    private static Node leaving(int number) {
        return Worlds.node(number, new Assignment.Leave(5, DEMO, 70), true);
    }

    private static Situation situation(World world, Map<NodeName, Instant> missing) {
        return new Situation(world, missing, TIMING, NOW);
    }

    private static Instant ago(Duration time) {
        return NOW.minus(time);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static ClusterRecord.Creating creating(Duration since) {
        return ClusterRecord.begun(
                ClusterSpec.of("demo", 3), 70, List.of(N1, N2, N3), ago(since).toEpochMilli(), "r1");
    }

    private static Member former(NodeName node) {
        Ipv4 address = Ipv4.parse("10.0.0.1");
        return new Member(node, address, "10.0.0.1:7070", address, address, "rxe0", "eth1");
    }

    private static ClusterRecord scaling(Duration since, List<NodeName> members, List<NodeName> leaving) {
        return new ClusterRecord.Scaling(
                new ClusterShape(
                        ClusterSpec.of("demo", members.size()),
                        2,
                        70,
                        members,
                        leaving.stream().map(SituationTest::former).toList()),
                new Course(ago(since).toEpochMilli(), List.of()),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                new MembershipChange(MembershipChange.Kind.SCALE, Set.of(), 3, true));
    }

    @Test
    void onlyWhoSaysThatEverythingIsThereHasReachedWhatItIsToBe() {
        World world = Worlds.of(Worlds.saying(serving(1), REACHED), Worlds.saying(serving(2), FAILED), serving(3));
        Situation situation = situation(world, Map.of());

        assertThat(situation.reached(N1)).isTrue();
        assertThat(situation.reached(N2)).isFalse();
        assertThat(situation.reached(N3)).isFalse();
    }

    @Test
    void aNodeIsLostWhenItHasBeenMissingForAsLongAsTheGraceLasts() {
        Situation situation = situation(
                Worlds.free(3), Map.of(N1, ago(seconds(15)), N2, ago(seconds(15).minusMillis(1))));

        assertThat(situation.lost(N1)).isTrue();
        assertThat(situation.lost(N2)).isFalse();
        assertThat(situation.lost(N3)).isFalse();
    }

    @Test
    void theNextLossIsThatOfTheNodeThatHasBeenMissingForLongest() {
        Map<NodeName, Instant> missing = Map.of(N1, ago(seconds(15)), N2, ago(seconds(4)), N3, ago(seconds(9)));

        assertThat(situation(Worlds.free(3), missing).untilNextLoss()).isEqualTo(seconds(6));
        assertThat(situation(Worlds.free(3), Map.of(N1, ago(seconds(15)))).untilNextLoss())
                .isEqualTo(Duration.ofHours(1));
        assertThat(situation(Worlds.free(3), Map.of()).untilNextLoss()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void thoseInTroubleHaveFailedOrAreLostAndTheFirstOfThemIsNamed() {
        World world = Worlds.of(Worlds.saying(serving(1), REACHED), serving(2), Worlds.saying(serving(3), FAILED));
        ClusterRecord cluster = creating(seconds(1));

        Situation failed = situation(world, Map.of());
        assertThat(failed.troubled(cluster)).containsExactly(N3);
        assertThat(failed.trouble(cluster).orElseThrow().node()).contains(N3);
        assertThat(failed.trouble(cluster).orElseThrow().step()).contains(new Failure.OfNode("add link:eni0"));
        assertThat(failed.trouble(cluster).orElseThrow().why()).isEqualTo("no memory");
        assertThat(failed.trouble(cluster).orElseThrow().what()).isEqualTo("create demo");

        Situation lost = situation(world, Map.of(N2, ago(seconds(16))));
        assertThat(lost.troubled(cluster)).containsExactly(N2, N3);
        assertThat(lost.trouble(cluster).orElseThrow().node()).contains(N2);
        assertThat(lost.trouble(cluster).orElseThrow().why())
                .isEqualTo("the node is lost: its agent has been gone for 15 s");

        assertThat(situation(Worlds.of(serving(1), serving(2), serving(3)), Map.of())
                        .trouble(cluster))
                .isEmpty();
    }

    @Test
    void membersAreLateWhenAllTheTimeToBuildIsOver() {
        World world = Worlds.of(Worlds.saying(serving(1), REACHED), serving(2), serving(3));
        Situation situation = situation(world, Map.of());

        assertThat(situation.tardy(creating(seconds(60)))).containsExactly(N2, N3);
        assertThat(situation.late(creating(seconds(60))).orElseThrow().node()).contains(N2);
        assertThat(situation.late(creating(seconds(60))).orElseThrow().why())
                .isEqualTo("the node has not said that it is built within 60 s");
        assertThat(situation(Worlds.of(serving(1), serving(2), serving(3)), Map.of())
                        .tardy(creating(seconds(60))))
                .containsExactly(N1, N2, N3);
        assertThat(situation.tardy(creating(seconds(60).minusMillis(1)))).isEmpty();
        assertThat(situation.late(creating(seconds(60).minusMillis(1)))).isEmpty();
    }

    @Test
    void aClusterIsBuiltWhenAllOfItHasReachedTheRoster() {
        Node one = Worlds.saying(serving(1), REACHED);
        Node two = Worlds.saying(serving(2), REACHED);

        assertThat(situation(Worlds.of(one, two, serving(3)), Map.of()).allReached(creating(seconds(1))))
                .isFalse();
        assertThat(situation(Worlds.of(one, two, Worlds.saying(serving(3), REACHED)), Map.of())
                        .allReached(creating(seconds(1))))
                .isTrue();
    }

    @Test
    void whoDoesNotProveItselfCleanIsGivenUpWhenTheTimeForItIsOver() {
        Node silent = leaving(1);
        Node failed = Worlds.saying(leaving(2), FAILED);
        World world = Worlds.of(silent, failed);
        ClusterRecord early = creating(seconds(90).minusMillis(1));
        ClusterRecord late = creating(seconds(90));

        Situation situation = situation(world, Map.of());
        assertThat(situation.givenUp(early, silent)).isEmpty();
        assertThat(situation.givenUp(early, failed)).isEmpty();
        assertThat(situation.givenUp(late, silent)).contains("not proven clean within 90 s");
        assertThat(situation.givenUp(late, failed)).contains("add link:eni0: no memory");
        // Clean, and nobody has noticed yet.
        assertThat(situation.givenUp(late, Worlds.saying(leaving(3), new NodeStatus.Clean())))
                .contains("not proven clean within 90 s");
        assertThat(situation(world, Map.of(N1, ago(seconds(15)))).givenUp(early, silent))
                .contains("lost, and not proven clean");
    }

    @Test
    void formerMembersAreThoseWhoMayCarryTheNetworkStill() {
        NodeName n4 = new NodeName("n4");
        NodeName n5 = new NodeName("n5");
        World world = Worlds.of(
                serving(1),
                leaving(2),
                Worlds.node(3, new Assignment.Free(5, 0), true),
                Worlds.node(4, new Assignment.Leave(5, DEMO, 71), true));

        assertThat(situation(world, Map.of()).leaving(scaling(seconds(1), List.of(N1), List.of(N1, N2, N3, n4, n5))))
                .containsExactly(former(N2));
    }

    private static void assertWait(Situation situation, ClusterRecord cluster, Duration wait) {
        assertThat(situation.watch(cluster)).isEqualTo(new NextStep.Wait(wait));
    }

    @Test
    void aClusterIsLookedAtAgainWhenItsNextDeadlineIsOver() {
        Situation calm = situation(Worlds.free(3), Map.of());

        assertWait(calm, creating(seconds(10)), seconds(50));
        assertWait(calm, creating(seconds(60)), Duration.ofMillis(1));
        assertWait(calm, creating(seconds(99)).delete(ago(seconds(10)).toEpochMilli(), "r2"), seconds(80));
        assertWait(calm, creating(seconds(99)).built(ago(seconds(10)).toEpochMilli()), Duration.ofHours(1));
    }

    @Test
    void whereMembersJoinAndLeaveTheFirstDeadlineThatIsNotOverCounts() {
        Situation calm = situation(Worlds.free(3), Map.of());

        assertWait(calm, scaling(seconds(10), List.of(N1), List.of()), seconds(50));
        assertWait(calm, scaling(seconds(60), List.of(N1), List.of()), seconds(30));
        assertWait(calm, scaling(seconds(90), List.of(N1), List.of()), Duration.ofHours(1));
    }

    @Test
    void aMemberThatIsMissingIsLookedAtWhenItCountsAsLost() {
        Instant nineAgo = ago(seconds(9));

        assertWait(situation(Worlds.free(3), Map.of(N1, nineAgo)), creating(seconds(10)), seconds(6));
        assertWait(situation(Worlds.free(3), Map.of(N1, ago(seconds(20)))), creating(seconds(10)), seconds(50));
        assertWait(situation(Worlds.free(3), Map.of(new NodeName("n9"), nineAgo)), creating(seconds(10)), seconds(50));
        // One that has left has to prove itself clean, or to be given up.
        assertWait(
                situation(Worlds.free(3), Map.of(N2, nineAgo)),
                scaling(seconds(10), List.of(N1), List.of(N2)),
                seconds(6));
    }
}
