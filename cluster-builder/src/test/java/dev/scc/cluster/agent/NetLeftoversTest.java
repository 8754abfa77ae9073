package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetLeftoversTest {
    private static final NetObject.Link WANTED = link("eni0", "demo");
    private static final NetObject.Link STRAY = link("eni1", "gone");
    private static final NetObject.Address ON_WANTED = new NetObject.Address("eni0", Ipv4.parse("172.16.0.9"), 24);
    private static final String SERVES = "the node serves cluster demo";

    private final MemoryMachine machine = new MemoryMachine(List.of("eth0"));
    private final NetLeftovers leftovers = new NetLeftovers(machine);

    private static NetObject.Link link(String name, String owner) {
        return new NetObject.Link(name, owner, new LinkKind.Macvlan("eth0"), 1500, Optional.empty());
    }

    private static NetState state(NetObject... objects) {
        return new NetState(
                Arrays.stream(objects).collect(Collectors.toMap(NetObject::key, Function.<NetObject>identity())));
    }

    @BeforeEach
    void somethingIsLeft() throws Exception {
        machine.apply(List.of(new Step.Add(WANTED), new Step.Add(STRAY), new Step.Add(ON_WANTED)));
    }

    private List<NodeLeftover> look(boolean remove) throws Exception {
        return leftovers.look(state(WANTED), SERVES, remove);
    }

    @Test
    void whatIsFoundIsNamedWithItsReasonAndStays() throws Exception {
        assertThat(look(false))
                .containsExactlyInAnyOrder(
                        NodeLeftover.of("link:eni1", "it is of cluster gone, and " + SERVES),
                        NodeLeftover.of(ON_WANTED.key(), SERVES));
        assertThat(machine.observe().objects()).hasSize(3);
    }

    @Test
    void whatIsWantedInAnotherFormIsTheAgentsWork() throws Exception {
        NetObject.Link wider = new NetObject.Link("eni0", "demo", WANTED.kind(), 9000, Optional.empty());

        assertThat(leftovers.look(state(wider, STRAY, ON_WANTED), SERVES, false))
                .isEmpty();
    }

    @Test
    void aLinkOfAnotherClusterUnderTheNameOfOneThatIsWantedIsLeft() throws Exception {
        assertThat(leftovers.look(state(link("eni0", "other"), STRAY, ON_WANTED), SERVES, false))
                .contains(NodeLeftover.of("link:eni0", "it is of cluster demo, and " + SERVES));
    }

    @Test
    void whatIsHalfMadeIsSaidToBe() throws Exception {
        machine.apply(List.of(new Step.Add(link("eni2", ""))));

        assertThat(look(false)).contains(NodeLeftover.of("link:eni2", "it is half made, and " + SERVES));
    }

    /** In one go: who asks for more than is needed may be refused something that is gone already. */
    @Test
    void allIsRemovedAtOnceIfThatIsPossible() throws Exception {
        List<String> asked = new ArrayList<>();
        machine.refuse(step -> {
            asked.add(step.object().key());
            return false;
        });

        assertThat(look(true))
                .hasSize(2)
                .allSatisfy(found -> assertThat(found.problem()).isEmpty());
        assertThat(machine.observe()).isEqualTo(state(WANTED));
        assertThat(asked).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeRemovedIsNamedAndTheRestGoes() throws Exception {
        machine.refuse(step -> step.object().equals(STRAY));

        Map<String, String> problems =
                look(true).stream().collect(Collectors.toMap(NodeLeftover::what, NodeLeftover::problem));

        assertThat(problems)
                .containsEntry("link:eni1", "remove link:eni1: refused by the test")
                .containsEntry(ON_WANTED.key(), "");
        assertThat(machine.observe()).isEqualTo(state(WANTED, STRAY));
    }

    /** Somebody else on the node makes it anew, as a program that believes in it does. */
    @Test
    void whatComesBackAtOnceIsNamed() throws Exception {
        Machine stubborn = new Machine() {
            @Override
            public NetState observe() {
                return machine.observe();
            }

            @Override
            public void apply(List<Step> steps) throws StepFailed {
                machine.apply(steps);
                if (!machine.observe().objects().containsKey(STRAY.key())) {
                    machine.apply(List.of(new Step.Add(STRAY)));
                }
            }
        };

        assertThat(new NetLeftovers(stubborn).look(state(WANTED, ON_WANTED), SERVES, true))
                .containsExactly(NodeLeftover.of("link:eni1", "it is of cluster gone, and " + SERVES)
                        .withProblem("it was removed, and is there again"));
    }

    @Test
    void whereNothingIsLeftNothingIsDone() throws Exception {
        machine.refuse(_ -> true);

        assertThat(leftovers.look(state(WANTED, STRAY, ON_WANTED), SERVES, true))
                .isEmpty();
    }

    /** Two of which one does not go: the other must not be said to be there still. */
    @Test
    void whatHasGoneThoughItsRemovalFailedIsNoProblem() throws Exception {
        Machine deaf = new Machine() {
            @Override
            public NetState observe() {
                return machine.observe();
            }

            @Override
            public void apply(List<Step> steps) throws StepFailed {
                machine.apply(steps);
                throw new StepFailed(0, steps.getFirst(), "no answer");
            }
        };

        assertThat(new NetLeftovers(deaf).look(state(WANTED, ON_WANTED), SERVES, true))
                .singleElement()
                .satisfies(found -> assertThat(found.problem()).isEmpty());
    }
}
