package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.PhaseTime;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkBuilderTest {
    private static final NetObject.Link STRAY = link("eni1", "gone");
    private static final NetObject.Link WANTED = link("eni0", "demo");
    private static final NetState STATE = new NetState(Map.of(WANTED.key(), WANTED));

    private final MemoryMachine machine = new MemoryMachine(List.of("eth0"));
    private long nanos = 1_000_000_000_000L;

    /** Each look at the clock takes 2 ms. */
    private final NetworkBuilder builder = new NetworkBuilder(new NodeName("n1"), machine, () -> nanos += 2_000_000);

    private static NetObject.Link link(String name, String owner) {
        return new NetObject.Link(name, owner, new LinkKind.Macvlan("eth0"), 1500, Optional.empty());
    }

    @BeforeEach
    void somethingIsLeft() throws Exception {
        machine.apply(List.of(new Step.Add(STRAY)));
    }

    private boolean there(NetObject object) {
        return machine.observe().objects().containsKey(object.key());
    }

    @Test
    void whatIsWantedIsBuiltAndWhatNobodyWantsGoes() throws Exception {
        NetworkBuilder.Planned plan = builder.plan(STATE);
        NetworkBuilder.Built built = builder.run(plan, "demo");

        assertThat(built.failed()).isEmpty();
        assertThat(plan.steps()).hasSize(2);
        assertThat(plan.keys()).containsExactly("link:eni0", "link:eni1");
        assertThat(plan.fromNothing()).isTrue();
        assertThat(plan.marked().objects()).containsOnlyKeys("link:eni0", "link:eni1");
        assertThat(there(STRAY)).isFalse();
        assertThat(built.phases())
                .hasSizeGreaterThan(2)
                .startsWith(new PhaseTime("observe", 2))
                .endsWith(new PhaseTime("check", 2));
        NetworkBuilder.Planned again = builder.plan(STATE);
        assertThat(again.steps()).isEmpty();
        assertThat(again.fromNothing()).isFalse();
        assertThat(builder.run(again, "demo").phases()).containsExactly(new PhaseTime("observe", 2));
    }

    @Test
    void whereSomethingFailsAllIsAsItWas() throws Exception {
        machine.refuse(step -> step.object().equals(WANTED));

        NetworkBuilder.Built built = builder.run(builder.plan(STATE), "demo");

        assertThat(built.failed())
                .hasValueSatisfying(failed -> assertThat(failed.step()).isEqualTo("add link:eni0"));
        assertThat(there(STRAY)).isTrue();
    }

    /** Or it could never be given out again. */
    @Test
    void onANodeThatServesNothingWhatNobodyWantsGoesThoughSomethingElseFails() throws Exception {
        machine.refuse(step -> step.object().equals(WANTED));

        NetworkBuilder.Built built = builder.runCleaning(builder.plan(STATE), "none");

        assertThat(built.failed()).isPresent();
        assertThat(there(STRAY)).isFalse();
        assertThat(there(WANTED)).isFalse();
    }

    @Test
    void whatCouldNotBeTakenBackIsNamedWithTheReason() throws Exception {
        machine.refuse(Step.Add.class::isInstance);

        NetworkBuilder.Built built = builder.run(builder.plan(STATE), "demo");

        assertThat(built.failed()).hasValueSatisfying(failed -> {
            assertThat(failed.step()).isEqualTo("add link:eni0");
            assertThat(failed.left()).containsExactly("link:eni1 (add link:eni1: refused by the test)");
        });
        assertThat(there(STRAY)).isFalse();
    }

    /** Some tools succeed and do nothing. */
    @Test
    void whatWasCarriedOutWithoutEffectIsNotSaidToBeThere() throws Exception {
        machine.apply(List.of(new Step.Remove(STRAY)));
        Machine deaf = new Machine() {
            @Override
            public NetState observe() {
                return machine.observe();
            }

            @Override
            public void apply(List<Step> steps) {}
        };
        NetworkBuilder idle = new NetworkBuilder(new NodeName("n1"), deaf, () -> nanos += 2_000_000);

        assertThat(idle.run(idle.plan(STATE), "demo").failed())
                .hasValueSatisfying(failed ->
                        assertThat(failed.why()).isEqualTo("the step was carried out, and its effect is not there"));
    }

    @Test
    void whatIsBuiltAlreadyMakesItNoBeginning() throws Exception {
        NetObject.Link more = link("eni2", "demo");
        builder.run(builder.plan(STATE), "demo");

        NetworkBuilder.Planned plan = builder.plan(new NetState(Map.of(WANTED.key(), WANTED, more.key(), more)));

        assertThat(plan.fromNothing()).isFalse();
        assertThat(plan.keys()).containsExactly("link:eni2");
        assertThat(plan.nobodys()).isEmpty();
    }

    @Test
    void whatIsOnlyReplacedStaysIfTheOtherCannotBeMade() throws Exception {
        NetObject.Link old = link("eni2", "other");
        NetObject.Link other = link("eni2", "demo");
        machine.apply(List.of(new Step.Add(old)));
        machine.refuse(step -> step.equals(new Step.Add(other)));

        NetworkBuilder.Built built =
                builder.runCleaning(builder.plan(new NetState(Map.of(other.key(), other))), "none");

        assertThat(built.failed()).isPresent();
        assertThat(machine.observe().objects()).containsEntry(old.key(), old);
        assertThat(there(STRAY)).isFalse();
    }

    @Test
    void whereWhatNobodyWantsCannotGoNothingElseIsBegun() throws Exception {
        machine.refuse(step -> step.object().equals(STRAY));

        NetworkBuilder.Built built = builder.runCleaning(builder.plan(STATE), "none");

        assertThat(built.failed())
                .hasValueSatisfying(failed -> assertThat(failed.step()).isEqualTo("remove link:eni1"));
        assertThat(there(WANTED)).isFalse();
    }
}
