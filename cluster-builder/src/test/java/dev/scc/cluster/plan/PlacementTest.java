package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Arrange;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.doctor.Finding.Severity;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Assignment FREE = new Assignment.Free(1, 0);

    private static Node free(int number) {
        return Worlds.node(number, FREE, true);
    }

    private static Node labelled(Node node, Map<String, String> labels) {
        return new Node(
                new Held<>(node.record().value().withLabels(labels), 1),
                node.assignment(),
                node.status(),
                node.inventory(),
                node.alive());
    }

    private static List<String> unsuitable(ClusterSpec spec, Node... nodes) {
        return Placement.of(spec, List.of(nodes)).unsuitable();
    }

    @Test
    void asManyAsWantedAreTakenInTheOrderOfTheirNames() {
        Placement placement = Placement.of(ClusterSpec.of("demo", 2), List.of(free(3), free(1), free(2)));

        assertThat(placement.chosen()).extracting(node -> node.name().value()).containsExactly("n1", "n2");
        assertThat(placement.suitable()).isEqualTo(3);
        assertThat(placement.unsuitable()).isEmpty();
    }

    @Test
    void aNodeHasToHaveAllLabelsThatAreAskedForWithTheirValues() {
        ClusterSpec spec = ClusterSpec.of("demo", 1).withSelect(Map.of("gpu", "h100"));

        assertThat(unsuitable(
                        spec,
                        free(1),
                        labelled(free(2), Map.of("gpu", "a100")),
                        labelled(free(3), Map.of("gpu", "h100", "rack", "7"))))
                .containsExactly("n1 has not the label gpu=h100", "n2 has not the label gpu=h100");
    }

    @Test
    void whoIsArrangedByALabelHasToHaveIt() {
        ClusterSpec spec = ClusterSpec.of("demo", 1).withArrange(Arrange.How.PACK, "rack");

        assertThat(unsuitable(spec, free(1), labelled(free(2), Map.of("rack", ""))))
                .containsExactly("n1 has no label rack to pack by");
    }

    @Test
    void whoDoesNotPassTheDoctorsRulesIsTakenOnlyByWhoWantsThat() {
        Node warned = Worlds.withFinding(
                free(1), new Finding("memlock", Severity.WARNING, new NodeName("n1"), "65536 bytes", "ulimit"));
        Node broken = Worlds.withFinding(
                free(2), new Finding("verbs-library", Severity.ERROR, new NodeName("n2"), "not there", "apt-get"));
        ClusterSpec spec = ClusterSpec.of("demo", 1);

        assertThat(unsuitable(spec, warned, broken))
                .containsExactly("n2 does not pass the doctor's rule verbs-library: not there"
                        + " (mend it there: apt-get; or take it as it is with --no-preflight)");
        assertThat(unsuitable(spec.withoutPreflight(), warned, broken)).isEmpty();
    }

    @Test
    void whoCannotBeUsedIsNamedWithTheReason() {
        assertThat(unsuitable(
                        ClusterSpec.of("demo", 1),
                        Worlds.node(1, new Assignment.Serve(1, new ClusterName("other"), 1, 70), true),
                        Worlds.cordoned(free(2)),
                        Worlds.node(3, FREE, false),
                        Worlds.withPortState(free(4), "DOWN"),
                        Worlds.withoutRdma(free(5))))
                .containsExactly(
                        "n1 is in cluster other",
                        "n2 is cordoned: fan is broken",
                        "n3 is lost: its agent is not connected",
                        "n4 has its RDMA device rxe0 in state DOWN",
                        "n5 has no RDMA device on eth1");
    }

    @Test
    void whoWantsNoVerificationNeedsNoRdma() {
        assertThat(unsuitable(ClusterSpec.of("demo", 1).withVerify(Pattern.OFF), Worlds.withoutRdma(free(5))))
                .isEmpty();
    }

    @Test
    void ofTooFewNoneIsTakenAndTheReasonsOfTheFirstAreSaid() {
        Placement placement = Placement.more(
                ClusterSpec.of("demo", 2),
                IntStream.rangeClosed(1, 14).mapToObj(PlacementTest::free).toList(),
                List.of(),
                node -> node.name().value().equals("n1") ? Optional.empty() : Optional.of("is full"));

        assertThat(placement.chosen()).isEmpty();
        assertThat(placement.explain(2))
                .startsWith("not enough nodes: 2 wanted, 1 of 14 suitable: n2 is full; n3 is full; ")
                .endsWith("; and 1 more");
    }

    @Test
    void whereThereIsNobodyThereIsNoReason() {
        assertThat(Placement.of(ClusterSpec.of("demo", 2), List.of()).explain(2))
                .isEqualTo("not enough nodes: 2 wanted, 0 of 0 suitable");
    }

    @Test
    void asManyReasonsAsAreShownAreAll() {
        Placement placement = Placement.more(
                ClusterSpec.of("demo", 1),
                IntStream.rangeClosed(1, 12).mapToObj(PlacementTest::free).toList(),
                List.of(),
                _ -> Optional.of("is full"));

        assertThat(placement.explain(1)).endsWith("; n12 is full");
    }
}
