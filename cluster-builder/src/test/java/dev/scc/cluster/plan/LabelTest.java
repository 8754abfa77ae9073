package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestBounds;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabelTest {
    private static final NodeName N1 = new NodeName("n1");

    private World world = Worlds.free(1);

    private RequestPlanner.Answer label(NodeName node, Map<String, String> set, Set<String> remove) {
        RequestPlanner.Answer answer = new RequestPlanner(
                        new Situation(world, Map.of(), Timing.usual(), Instant.EPOCH), 5)
                .answer(
                        new Request.Label(node, set, remove),
                        "r",
                        new Asker.Unproven(),
                        Optional.empty(),
                        Optional.empty());
        if (answer instanceof RequestPlanner.Answer.Commit commit) {
            world = Worlds.after(world, commit.changes());
        }
        return answer;
    }

    private Map<String, String> labels() {
        return Worlds.node(world, "n1").record().value().labels();
    }

    private static Map<String, String> many(int count) {
        Map<String, String> labels = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            labels.put("l" + i, "v");
        }
        return labels;
    }

    private static void assertRefused(RequestPlanner.Answer answer, Refusal reason, String why) {
        assertThat(answer).isInstanceOfSatisfying(RequestPlanner.Answer.Refuse.class, refuse -> {
            assertThat(refuse.reason()).isEqualTo(reason);
            assertThat(refuse.why()).contains(why);
        });
    }

    @Test
    void labelsAreSetChangedAndTakenAway() {
        label(N1, Map.of("rack", "a", "kind", "old"), Set.of());
        label(N1, Map.of("rack", "b"), Set.of("kind"));

        assertThat(labels()).isEqualTo(Map.of("rack", "b"));
    }

    @Test
    void aNodeHasNoMoreLabelsThanItMay() {
        int most = RequestBounds.MOST_LABELS;
        assertThat(label(N1, many(most), Set.of())).isInstanceOf(RequestPlanner.Answer.Commit.class);

        assertRefused(label(N1, Map.of("another", "v"), Set.of()), Refusal.INVALID, (most + 1) + " labels");
        assertThat(labels()).hasSize(most);

        assertThat(label(N1, Map.of("another", "v"), Set.of("l0"))).isInstanceOf(RequestPlanner.Answer.Commit.class);
        assertThat(labels()).hasSize(most).containsKey("another").doesNotContainKey("l0");
    }

    @Test
    void aNodeThatIsNotThereHasNoLabels() {
        assertRefused(label(new NodeName("n9"), Map.of("rack", "a"), Set.of()), Refusal.UNKNOWN, "n9");
    }
}
