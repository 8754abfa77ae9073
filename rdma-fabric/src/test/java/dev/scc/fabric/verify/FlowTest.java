package dev.scc.fabric.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.VlanId;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlowTest {
    private static List<NodeName> nodes(int number) {
        return IntStream.rangeClosed(1, number)
                .mapToObj(node -> new NodeName("n" + node))
                .toList();
    }

    private static Flow flow(int from, int to) {
        return new Flow(new NodeName("n" + from), new NodeName("n" + to));
    }

    @Test
    void aRingGoesOnceAround() {
        assertThat(Flow.rounds(nodes(3), Load.RING)).containsExactly(List.of(flow(1, 2), flow(2, 3), flow(3, 1)));
    }

    @Test
    void aBisectionCrossesTheMiddle() {
        assertThat(Flow.rounds(nodes(5), Load.BISECTION)).containsExactly(List.of(flow(1, 3), flow(2, 4)));
    }

    @Test
    void eachNodeIsTheTargetOfAllOthersOnce() {
        assertThat(Flow.rounds(nodes(3), Load.INCAST))
                .containsExactly(
                        List.of(flow(2, 1), flow(3, 1)),
                        List.of(flow(1, 2), flow(3, 2)),
                        List.of(flow(1, 3), flow(2, 3)));
    }

    @Test
    void inNoRoundANodeSendsTwice() {
        for (Load load : Load.values()) {
            for (int number = 0; number < 20; number++) {
                for (List<Flow> round : Flow.rounds(nodes(number), load)) {
                    List<NodeName> senders = round.stream().map(Flow::from).toList();
                    assertThat(new HashSet<>(senders))
                            .as("%s of %d", load, number)
                            .hasSameSizeAs(senders);
                }
            }
        }
    }

    @Test
    void allPairsAreLoadedOnce() {
        assertThat(Flow.rounds(nodes(6), Load.PAIRS).stream()
                        .flatMap(List::stream)
                        .distinct())
                .hasSize(15);
    }

    @Test
    void everySenderHasAPortOfItsOwn() {
        List<ProbeMember> members = nodes(4).stream()
                .map(node -> new ProbeMember(node, Ipv4.parse("10.70.0.1")))
                .toList();
        LoadPlan plan = new LoadPlan("s", members.getFirst().node(), "rxe0", new VlanId(70), members, Load.INCAST, 100);

        assertThat(members.stream().map(member -> plan.portOf(member.node()))).containsExactly(100, 101, 102, 103);
        assertThatThrownBy(() ->
                        new LoadPlan("s", members.getFirst().node(), "rxe0", new VlanId(70), members, Load.RING, 65532))
                .hasMessage("a load of 4 nodes from port 65532 on");
    }
}
