package dev.scc.cluster.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.agent.MeshRpc;
import dev.scc.fabric.mesh.MeshPeer;
import dev.scc.fabric.mesh.MeshSample;
import dev.scc.fabric.verify.Suspect;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeshViewTest {
    private static final ClusterName DEMO = new ClusterName("demo");

    private static NodeName node(int number) {
        return new NodeName("n" + number);
    }

    private static MeshPeer well(int number) {
        return new MeshPeer(
                node(number),
                4,
                1,
                Optional.empty(),
                List.of(
                        new MeshSample.Lost(1, "once"),
                        new MeshSample.Answered(2, 10, 15),
                        new MeshSample.Answered(3, 30, 90),
                        new MeshSample.Answered(4, 20, 25)));
    }

    private static MeshPeer broken(int number) {
        return new MeshPeer(node(number), 3, 3, Optional.of(1_000L), List.of(new MeshSample.Lost(3, "nobody there")));
    }

    private static MeshRpc.Series series(MeshPeer... peers) {
        return new MeshRpc.Series(50, Optional.of(DEMO), Optional.empty(), List.of(peers));
    }

    /** @param bad with whom nobody gets through */
    private static Map<NodeName, MeshRpc.Series> answers(int count, int bad) {
        Map<NodeName, MeshRpc.Series> answers = new TreeMap<>();
        for (int self = 1; self <= count; self++) {
            List<MeshPeer> peers = new ArrayList<>();
            for (int peer = 1; peer <= count; peer++) {
                if (peer != self) {
                    peers.add(self == bad || peer == bad ? broken(peer) : well(peer));
                }
            }
            answers.put(node(self), series(peers.toArray(MeshPeer[]::new)));
        }
        return answers;
    }

    private static List<NodeName> members(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(MeshViewTest::node).toList();
    }

    @Test
    void figuresAreOfTheLatestProbes() {
        MeshView view = MeshView.of(DEMO, members(2), answers(2, 9), Map.of());

        assertThat(view.ok()).isTrue();
        assertThat(view.suspects()).isEmpty();
        MeshView.Direction first = view.pairs().getFirst();
        assertThat(first.from()).isEqualTo(node(1));
        assertThat(first.to()).isEqualTo(node(2));
        assertThat(first.latencyMicros()).isEqualTo(new VerifyView.Latency(20, 30));
        assertThat(first.worstMicros()).isEqualTo(90);
        assertThat(first.why()).isEqualTo("once");
        assertThat(first.brokenSince()).isEmpty();
    }

    @Test
    void aNodeThatNobodyReachesIsTheSuspect() {
        MeshView view = MeshView.of(DEMO, members(4), answers(4, 3), Map.of());

        assertThat(view.ok()).isFalse();
        assertThat(view.verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.kind()).isEqualTo(Suspect.Kind.NODE);
            assertThat(verdict.nodes()).containsExactly(node(3));
        });
        assertThat(view.pairs().stream().filter(pair -> pair.brokenSince().isPresent()))
                .hasSize(6)
                .allSatisfy(pair -> assertThat(pair.brokenSince()).contains("1970-01-01T00:00:01Z"));
    }

    @Test
    void whatOneNodeSaysBlamesNobodyElse() {
        Map<NodeName, MeshRpc.Series> answers = answers(4, 9);
        // A liar that is well with others says that one of them does not answer.
        answers.put(node(1), series(broken(2), well(3), well(4), broken(77), broken(1)));

        MeshView view = MeshView.of(DEMO, members(4), answers, Map.of());

        assertThat(view.verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.kind()).isEqualTo(Suspect.Kind.PAIR);
            assertThat(verdict.nodes()).containsExactly(node(1), node(2));
        });
        assertThat(view.pairs())
                .noneMatch(pair -> pair.to().equals(node(77)) || pair.to().equals(pair.from()));
    }

    @Test
    void whoServesAnotherClusterOrCannotBeAskedIsInNoFigure() {
        Map<NodeName, MeshRpc.Series> answers = answers(2, 9);
        answers.put(
                node(2),
                new MeshRpc.Series(50, Optional.of(new ClusterName("other")), Optional.of("why"), List.of(broken(1))));

        MeshView view = MeshView.of(DEMO, members(3), answers, Map.of(node(3), "its agent is gone"));

        assertThat(view.pairs()).extracting(MeshView.Direction::from).containsExactly(node(1));
        assertThat(view.members())
                .extracting(MeshView.Participant::problem)
                .containsExactly(Optional.empty(), Optional.of("why"));
        assertThat(view.unread()).containsExactly(new MeshView.Unread(node(3), "its agent is gone"));
        assertThat(view.ok()).isFalse();
    }
}
