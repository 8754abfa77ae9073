package dev.scc.cluster.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterShape;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Course;
import dev.scc.cluster.Event;
import dev.scc.cluster.Failure;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.leftover.Leftover;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where what is decided stands in the tree, and on which conditions it is written. */
class FencedTransactionTest {
    private static final int EPOCH = 4;
    private static final NodeName N1 = new NodeName("n1");
    private static final Alive MACHINE = Alive.at("i", Ipv4.parse("10.99.0.11"));
    private static final NodeRecord RECORD = NodeRecord.enrolled(N1, MACHINE);

    private static List<Op> ops(Change... changes) {
        List<Op> ops = FencedTransaction.of(EPOCH, List.of(changes));
        assertThat(ops.getFirst()).isEqualTo(new Op.Check("/scc/epoch", EPOCH));
        return ops.subList(1, ops.size());
    }

    @Test
    void withoutAnyChangeTheEpochIsStillChecked() {
        assertThat(ops()).isEmpty();
    }

    @Test
    void theEnisOfANodeThatIsForgottenGoWithWhatItsAgentSaidOfThem() {
        Held<NodePlugs> stored = new Held<>(NodePlugs.NONE, 6);

        assertThat(ops(new PlugChange.Forget(N1, stored, true)))
                .containsExactly(new Op.Delete("/scc/plugs/n1", 6), new Op.Delete("/scc/plugged/n1", Op.ANY));
        assertThat(ops(new PlugChange.Forget(N1, stored, false))).containsExactly(new Op.Delete("/scc/plugs/n1", 6));
        assertThat(ops(new PlugChange.Rewire(N1, Optional.empty(), NodePlugs.NONE)))
                .containsExactly(new Op.Create("/scc/plugs/n1", Json.write(NodePlugs.NONE)));
        assertThat(ops(new PlugChange.Rewire(N1, Optional.of(stored), NodePlugs.NONE)))
                .containsExactly(new Op.Set("/scc/plugs/n1", Json.write(NodePlugs.NONE), 6));
    }

    @Test
    void enrolledNodeGetsAnAssignmentWithItsRecord() {
        assertThat(ops(new NodeChange.Enrol(N1, MACHINE, 3)))
                .containsExactly(
                        new Op.Create("/scc/nodes/n1", Json.write(RECORD)),
                        new Op.Create("/scc/assign/n1", Json.write(new Assignment.Free(3, 0))));
    }

    @Test
    void whatReplacesSomethingDoesSoOnConditionOfTheVersionThatWasRead() {
        Pools.Taken taken = new Pools.Taken(
                new ClusterName("demo"), "demo", Cidr.parse("172.16.0.0/20"), Cidr.parse("10.70.0.0/24"));
        Held<Pools> pools = new Held<>(new Pools(Map.of(70, taken)), 9);

        assertThat(ops(
                        new NodeChange.Cordon(new Held<>(RECORD, 7), "fan"),
                        new NodeChange.Assign(N1, 8, new Assignment.Free(3, 8)),
                        new NumberChange.GiveBack(pools, Set.of(70))))
                .containsExactly(
                        new Op.Set("/scc/nodes/n1", Json.write(RECORD.withCordon(java.util.Optional.of("fan"))), 7),
                        new Op.Set("/scc/assign/n1", Json.write(new Assignment.Free(3, 8)), 8),
                        new Op.Set("/scc/pools", Json.write(Pools.empty()), 9));
    }

    @Test
    void forgottenNodeLeavesNothingAndFailsIfItsAgentComesBackMeanwhile() {
        assertThat(ops(new NodeChange.Forget(new Held<>(RECORD, 7), 8, List.of("inventory"), true, true)))
                .containsExactly(
                        new Op.Delete("/scc/nodes/n1/inventory", Op.ANY),
                        new Op.Delete("/scc/nodes/n1", 7),
                        new Op.Delete("/scc/assign/n1", 8),
                        new Op.Delete("/scc/status/n1", Op.ANY),
                        new Op.Delete("/scc/tunnels/n1", Op.ANY));
    }

    @Test
    void requestIsTakenUpOnceAndForgottenWithItsOutcome() {
        Outcome begun = new Outcome.InProgress(1);
        Outcome done = new Outcome.Done(2, List.of());

        assertThat(ops(
                        new RequestChange.TakeUp("r1", begun),
                        new RequestChange.Answer("r1", done),
                        new RequestChange.Forget("r1", 5)))
                .containsExactly(
                        new Op.Create("/scc/requests/r1/outcome", Json.write(begun)),
                        new Op.Set("/scc/requests/r1/outcome", Json.write(done), Op.ANY),
                        new Op.Delete("/scc/requests/r1/outcome", 5),
                        new Op.Delete("/scc/requests/r1", Op.ANY));
    }

    @Test
    void clusterThatWouldSkipAPhaseIsNotWritten() {
        ClusterRecord.Creating creating = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 5, "r1");
        ClusterRecord.Degraded degraded = creating.ready(6, List.of()).degrade(7, Failure.of("serve demo", "lost"));

        assertThatThrownBy(() -> ops(new ClusterChange.Save(new Held<>(creating, 0), degraded)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cluster demo was Creating and is Degraded");
    }

    @Test
    void eventsStandInTheOrderInWhichTheyHappened() {
        Event event = new Event(5, 3, new Happening.NodeBack(N1));

        assertThat(ops(
                        new JournalChange.Tell(12, event),
                        new JournalChange.Forget("000000000001-000000000000"),
                        new Change.RemoveLeftover(new Leftover.Entries("x", "y", List.of("/scc/status/x")))))
                .containsExactly(
                        new Op.Create("/scc/events/000000000003-000000012", Json.write(event)),
                        new Op.Delete("/scc/events/000000000001-000000000000", Op.ANY),
                        new Op.Delete("/scc/status/x", Op.ANY));
    }

    private static final ClusterName DEMO = new ClusterName("demo");
    private static final VpcName LAB = new VpcName("lab");
    private static final VpcRecord VPC =
            new VpcRecord(LAB, new Vni(5_000), Cidr.parse("172.20.0.0/24"), 1_450, Optional.empty(), 0);

    private static Roster roster(int revision) {
        return new Roster(
                DEMO,
                revision,
                3,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.11"),
                        "a:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        "rxe0",
                        "eth1")));
    }

    @Test
    void aMachineIsReplacedOnlyIfTheOneBeforeIsNotBack() {
        Alive next = Alive.at("j", Ipv4.parse("10.99.0.12"));

        assertThat(ops(new NodeChange.ReplaceMachine(new Held<>(RECORD, 7), next)))
                .containsExactly(
                        new Op.Set("/scc/nodes/n1", Json.write(RECORD.withMachine(next)), 7),
                        new Op.Create("/scc/nodes/n1/alive", ""),
                        new Op.Delete("/scc/nodes/n1/alive", 0));
    }

    @Test
    void ofAForgottenNodeThatHasNeverSaidAnythingThereIsNothingMoreToRemove() {
        assertThat(ops(new NodeChange.Forget(new Held<>(RECORD, 7), 8, List.of(), false, false)))
                .containsExactly(new Op.Delete("/scc/nodes/n1", 7), new Op.Delete("/scc/assign/n1", 8));
    }

    @Test
    void aClusterBeginsWithItsRecordAndTheFolderOfItsRosters() {
        ClusterRecord.Creating creating = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 5, "r1");
        ClusterRecord ready = creating.ready(6, List.of());

        assertThat(ops(
                        new ClusterChange.Begin(creating),
                        new ClusterChange.PublishRoster(roster(1)),
                        new ClusterChange.Save(new Held<>(creating, 2), ready)))
                .containsExactly(
                        new Op.Create("/scc/clusters/demo", Json.write(creating)),
                        new Op.Create("/scc/rosters/demo", ""),
                        new Op.Create("/scc/rosters/demo/1", Json.write(roster(1))),
                        new Op.Set("/scc/clusters/demo", Json.write(ready), 2));
        assertThat(ops(new ClusterChange.PublishRoster(roster(2)), new ClusterChange.RetireRoster(DEMO, 1)))
                .containsExactly(
                        new Op.Create("/scc/rosters/demo/2", Json.write(roster(2))),
                        new Op.Delete("/scc/rosters/demo/1", Op.ANY));
    }

    /** The roster before the latest is kept until all members have the latest. */
    @Test
    void aClusterGoesWithItsLastTwoRosters() {
        ClusterShape third =
                new ClusterShape(Optional.empty(), ClusterSpec.of("demo", 1), 3, 70, List.of(N1), List.of());
        ClusterRecord.Deleting deleting =
                new ClusterRecord.Ready(third, new Course(1, List.of()), Optional.empty()).delete(5, "r1");
        ClusterRecord.Deleting first = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 5, "r1")
                .ready(6, List.of())
                .delete(7, "r2");

        assertThat(ops(new ClusterChange.Remove(new Held<>(deleting, 9))))
                .containsExactly(
                        new Op.Delete("/scc/rosters/demo/2", Op.ANY),
                        new Op.Delete("/scc/rosters/demo/3", Op.ANY),
                        new Op.Delete("/scc/rosters/demo", Op.ANY),
                        new Op.Delete("/scc/clusters/demo", 9));
        assertThat(ops(new ClusterChange.Remove(new Held<>(first, 9))))
                .containsExactly(
                        new Op.Delete("/scc/rosters/demo/1", Op.ANY),
                        new Op.Delete("/scc/rosters/demo", Op.ANY),
                        new Op.Delete("/scc/clusters/demo", 9));
    }

    @Test
    void addressesInAVpcAreHeldAndReleasedOnConditionOfWhatWasRead() {
        Holding holding = new Holding("cluster demo", List.of(), List.of());
        Holding next = new Holding("cluster demo", List.of(), List.of(new GroupName("web")));

        assertThat(ops(
                        new VpcChange.Begin(VPC),
                        new VpcChange.Hold(LAB, "cluster-70", Optional.empty(), holding),
                        new VpcChange.Hold(LAB, "cluster-70", Optional.of(new Held<>(holding, 4)), next),
                        new VpcChange.Release(LAB, "cluster-70", new Held<>(next, 5)),
                        new VpcChange.Remove(new Held<>(VPC, 6))))
                .containsExactly(
                        new Op.Create("/scc/vpcs/lab", Json.write(VPC)),
                        new Op.Create("/scc/vpcs/lab/cluster-70", Json.write(holding)),
                        new Op.Set("/scc/vpcs/lab/cluster-70", Json.write(next), 4),
                        new Op.Delete("/scc/vpcs/lab/cluster-70", 5),
                        new Op.Delete("/scc/vpcs/lab", 6));
    }

    @Test
    void aGroupBeginsOnlyWhileItsVpcIsThereAndChangesOnlyIfItIsWhatWasRead() {
        GroupRecord web = new GroupRecord(new GroupName("web"), LAB, List.of(), Optional.empty(), 0);

        assertThat(ops(
                        new GroupChange.Begin(web, new Held<>(VPC, 6)),
                        new GroupChange.Rewrite(new Held<>(web, 2), web),
                        new GroupChange.Rely(new Held<>(web, 3)),
                        new GroupChange.Remove(new Held<>(web, 4))))
                .containsExactly(
                        new Op.Check("/scc/vpcs/lab", 6),
                        new Op.Create("/scc/groups/web", Json.write(web)),
                        new Op.Set("/scc/groups/web", Json.write(web), 2),
                        new Op.Check("/scc/groups/web", 3),
                        new Op.Delete("/scc/groups/web", 4));
    }

    /** Class of hole: who is put out, or loses a right, between the decision and its writing. */
    @Test
    void whatSomebodyMayIsWhatWasReadWhenItIsWritten() {
        assertThat(ops(new Change.Rely("ada", 3, Optional.of(2))))
                .containsExactly(new Op.Check("/scc/users/ada", 3), new Op.Check("/scc/revoked/user:ada", 2));
        assertThat(ops(new Change.Rely("ada", 3, Optional.empty())))
                .containsExactly(
                        new Op.Check("/scc/users/ada", 3),
                        new Op.Create("/scc/revoked/user:ada", ""),
                        new Op.Delete("/scc/revoked/user:ada", 0));
    }
}
