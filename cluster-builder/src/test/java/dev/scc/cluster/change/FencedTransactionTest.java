package dev.scc.cluster.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Event;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Happening;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Pools;
import dev.scc.cluster.leftover.Leftover;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
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
        assertThat(ops(new NodeChange.Forget(new Held<>(RECORD, 7), 8, List.of("inventory"), true)))
                .containsExactly(
                        new Op.Delete("/scc/nodes/n1/inventory", Op.ANY),
                        new Op.Delete("/scc/nodes/n1", 7),
                        new Op.Delete("/scc/assign/n1", 8),
                        new Op.Delete("/scc/status/n1", Op.ANY));
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
}
