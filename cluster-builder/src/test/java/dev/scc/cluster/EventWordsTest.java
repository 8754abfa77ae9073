package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventWordsTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    /** Kind, name and words, as {@code scc events} shows them. */
    private static String told(Happening happening) {
        Event event = new Event(1, 3, happening);
        return event.kind() + " " + event.name() + " " + event.what();
    }

    private static String moved(ClusterMove move) {
        return told(new Happening.ClusterMoved(DEMO, ClusterPhase.SCALING, move));
    }

    @Test
    void requestsAreToldWithTheirIdsAndReasons() {
        assertThat(told(new Happening.RequestTakenUp("r1", new Request.Create(ClusterSpec.of("demo", 3)), "s1")))
                .isEqualTo("cluster demo create demo, request r1");
        assertThat(told(new Happening.RequestTakenUp("r1", new Request.Cordon(N1, "fan"), "s1")))
                .isEqualTo("node n1 cordon n1, request r1: fan");
        assertThat(told(new Happening.RequestTakenUp("r1", new Request.Collect(), "s1")))
                .isEqualTo("server s1 gc, request r1");
        assertThat(told(new Happening.RequestRefused(
                        "r1", new Request.Label(N1, Map.of(), Set.of()), "s1", Refusal.UNKNOWN, "there is no node n1")))
                .isEqualTo("node n1 label n1, request r1 refused: there is no node n1");
    }

    @Test
    void nodesAreToldWithWhatHappenedToThem() {
        assertThat(Stream.of(
                                new Happening.NodeEnrolled(N1),
                                new Happening.MachineReplaced(N1, Ipv4.parse("10.99.0.9")),
                                new Happening.NodeLost(N1, 15, Optional.of(3)),
                                new Happening.NodeBack(N1),
                                new Happening.NodeRecovered(N1, true, "no room"),
                                new Happening.NodeRecovered(N1, false, "no room"),
                                new Happening.NodeFailed(N1, "no room", Optional.empty()))
                        .map(EventWordsTest::told))
                .containsExactly(
                        "node n1 is enrolled",
                        "node n1 is another machine from now on, at 10.99.0.9",
                        "node n1 is lost: its agent has been gone for 15 s, and is drained after 3 failures",
                        "node n1 is back",
                        "node n1 is in service again: 3 clean windows since no room",
                        "node n1 is well: 3 clean windows since no room",
                        "node n1 has failed: no room");
        assertThat(told(new Happening.TermBegun("s1"))).isEqualTo("server s1 leads, in epoch 3");
    }

    @Test
    void nodesThatAreFreedTogetherAreToldTogether() {
        List<NodeName> odd = IntStream.range(0, 100)
                .mapToObj(i -> new NodeName("n" + (2 * i + 1)))
                .toList();

        assertThat(told(Happening.NodesFreed.of(List.of(N1), DEMO)))
                .isEqualTo("node n1 is clean and free; it was in cluster demo");
        assertThat(told(Happening.NodesFreed.of(List.of(N1, N2), DEMO)))
                .isEqualTo("node n[1-2] are clean and free; they were in cluster demo");
        assertThat(told(Happening.NodesFreed.of(odd, DEMO)))
                .isEqualTo("node 100 nodes are clean and free; they were in cluster demo");
    }

    @Test
    void clustersAreToldWithThePhaseThatTheyLeave() {
        assertThat(Stream.of(
                                new ClusterMove.Built(),
                                new ClusterMove.Replaced(Set.of(N1), Set.of(N2), Optional.of("no room")),
                                new ClusterMove.Replaced(Set.of(), Set.of(N2), Optional.empty()),
                                new ClusterMove.BackedOut(Set.of(N2, N1), "no room"),
                                new ClusterMove.Waiting("too few"),
                                new ClusterMove.Gone(false),
                                new ClusterMove.Gone(true))
                        .map(EventWordsTest::moved))
                .containsExactly(
                        "cluster demo was Scaling: all nodes are built",
                        "cluster demo was Scaling: replacing n1 with n2: no room",
                        "cluster demo was Scaling: filling up with n2",
                        "cluster demo was Scaling: taking n1, n2 out again: no room",
                        "cluster demo was Scaling: waiting for a replacement: too few",
                        "cluster demo was Scaling: gone",
                        "cluster demo was Scaling: gone, but something is left");
    }
}
