package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import org.junit.jupiter.api.Test;

class LeftBehindTest {
    @Test
    void nodesWithTheSameReasonShareALine() {
        LeftBehind left = new LeftBehind();
        assertThat(left.lines()).isEmpty();
        for (int number = 1; number <= 1000; number++) {
            left.add(new NodeName("n" + number), number == 500 ? "no room" : "lost");
        }

        assertThat(left.lines()).containsExactly("nodes n[1-499,501-1000]: lost", "node n500: no room");
        assertThat(left.count()).isEqualTo(1000);
    }
}
