package dev.scc.fabric.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshTurnsTest {
    private static List<NodeName> members(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new NodeName("n" + number))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7, 16})
    void eachProbesAllOthersAndMembersInStepNeverTheSame(int count) {
        List<NodeName> members = members(count);
        for (int turn = 0; turn < count - 1; turn++) {
            List<NodeName> probed = new ArrayList<>();
            for (NodeName self : members) {
                NodeName peer = new MeshTurns(members, self).at(turn);
                assertThat(peer).isNotEqualTo(self);
                probed.add(peer);
            }
            assertThat(probed).containsExactlyInAnyOrderElementsOf(members);
        }
        MeshTurns first = new MeshTurns(members, members.getFirst());
        assertThat(IntStream.range(0, count - 1).mapToObj(first::at))
                .containsExactlyInAnyOrderElementsOf(members.subList(1, count));
        assertThat(first.at(count - 1)).isEqualTo(first.at(0));
        assertThat(first.at(Long.MAX_VALUE)).isIn(members);
    }

    @Test
    void whoIsAloneProbesNobody() {
        MeshTurns alone = new MeshTurns(members(1), new NodeName("n1"));

        assertThat(alone.alone()).isTrue();
        assertThatThrownBy(() -> alone.at(0)).hasMessage("n1 is alone");
        assertThatThrownBy(() -> new MeshTurns(members(2), new NodeName("n9"))).hasMessageContaining("n9");
    }

    @Test
    void aBudgetSaysHowFarProbesAreApart() {
        assertThat(MeshBudget.parse("50").between()).isEqualTo(Duration.ofSeconds(1));
        assertThat(MeshBudget.parse("5000").between()).isEqualTo(Duration.ofMillis(10));
        assertThat(MeshBudget.parse("1").between()).isEqualTo(Duration.ofSeconds(50));
        for (String bad : List.of("0", "-1", "5001", "many", "")) {
            assertThatThrownBy(() -> MeshBudget.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
