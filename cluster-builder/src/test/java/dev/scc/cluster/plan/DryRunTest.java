package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import org.junit.jupiter.api.Test;

class DryRunTest {
    private static final World WORLD = Worlds.of(
            Worlds.node(1, new Assignment.Free(1, 0), true),
            Worlds.cordoned(Worlds.node(2, new Assignment.Free(1, 0), true)),
            Worlds.node(3, new Assignment.Free(1, 0), true));

    @Test
    void stepsOfEachMemberAreThoseThatItsAgentWouldTake() {
        DryRun.Forecast forecast = DryRun.create(ClusterSpec.of("demo", 2), new Asker.Unproven(), WORLD);

        assertThat(forecast).asInstanceOf(type(DryRun.Possible.class)).satisfies(possible -> {
            assertThat(possible.steps()).containsOnlyKeys(new NodeName("n1"), new NodeName("n3"));
            possible.steps()
                    .values()
                    .forEach(steps -> assertThat(steps)
                            .anyMatch(step -> step.startsWith("add link:vpc70"))
                            .anyMatch(step -> step.startsWith("add link:eth1.70")));
            assertThat(possible.roster().cluster().value()).isEqualTo("demo");
            assertThat(possible.unsuitable()).containsExactly("n2 is cordoned: fan is broken");
            assertThat(possible.operations()).isGreaterThan(4);
        });
    }

    @Test
    void aRefusalHasTheReasonThatTheCreateWouldHave() {
        DryRun.Forecast forecast = DryRun.create(ClusterSpec.of("demo", 3), new Asker.Unproven(), WORLD);

        assertThat(forecast).asInstanceOf(type(DryRun.Impossible.class)).satisfies(impossible -> {
            assertThat(impossible.reason()).isEqualTo(Refusal.NOT_ENOUGH_NODES);
            assertThat(impossible.why()).contains("3 wanted, 2 of 3 suitable");
            assertThat(impossible.unsuitable()).containsExactly("n2 is cordoned: fan is broken");
        });
    }
}
