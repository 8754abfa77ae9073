package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RandomPlansTest {
    private static final int ROUNDS = 2_000;

    private final long seed = Long.getLong("seed", 1);
    private final RandomStates states = new RandomStates(new Random(seed));

    private MemoryMachine machine(NetState state) throws StepFailed {
        MemoryMachine machine = RandomStates.machine();
        machine.apply(NetPlanner.plan(NetState.empty(), state));
        assertThat(machine.observe()).as("seed %d", seed).isEqualTo(state);
        return machine;
    }

    @Test
    void applyingAPlanReachesWhatIsWantedAndThenThereIsNothingToDo() throws StepFailed {
        for (int round = 0; round < ROUNDS; round++) {
            NetState observed = states.next();
            NetState wanted = states.next();
            MemoryMachine machine = machine(observed);

            machine.apply(NetPlanner.plan(observed, wanted));

            assertThat(machine.observe().objects().keySet())
                    .as("seed %d", seed)
                    .isEqualTo(wanted.objects().keySet());
            machine.observe()
                    .objects()
                    .forEach((key, there) -> assertThat(NetPlanner.serves(
                                    there,
                                    Objects.requireNonNull(wanted.objects().get(key))))
                            .as("seed %d: %s", seed, key)
                            .isTrue());
            assertThat(NetPlanner.plan(machine.observe(), wanted))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(NetPlanner.plan(wanted, wanted)).isEmpty();
        }
    }

    @Test
    void nothingGoesWithoutAStepOfItsOwn() {
        for (int round = 0; round < ROUNDS; round++) {
            NetState observed = states.next();
            Set<String> present = new HashSet<>(observed.objects().keySet());

            for (Step step : NetPlanner.plan(observed, states.next())) {
                NetObject object = step.object();
                if (step instanceof Step.Remove) {
                    assertThat(present.remove(object.key()))
                            .as("seed %d: %s", seed, step)
                            .isTrue();
                    assertThat(observed.objects().values())
                            .as("seed %d: nothing may sit on %s when it goes", seed, object.key())
                            .noneMatch(other -> present.contains(other.key())
                                    && NetPlanner.below(other)
                                            .map(NetObject.Link::keyOf)
                                            .filter(object.key()::equals)
                                            .isPresent());
                } else {
                    assertThat(present.add(object.key()))
                            .as("seed %d: %s", seed, step)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void theUndoInReverseRestoresWhatWas() throws StepFailed {
        for (int round = 0; round < ROUNDS; round++) {
            NetState observed = states.next();
            List<Step> plan = NetPlanner.plan(observed, states.next());
            MemoryMachine machine = machine(observed);

            machine.apply(plan);
            machine.apply(plan.reversed().stream().map(Step::undo).toList());

            assertThat(machine.observe()).as("seed %d", seed).isEqualTo(observed);
        }
    }

    @Test
    void aFailureAtAnyStepEndsWhereItBegan() throws StepFailed {
        Set<String> kinds = new HashSet<>();
        for (int round = 0; round < ROUNDS / 20; round++) {
            NetState observed = states.next();
            List<Step> plan = NetPlanner.plan(observed, states.next());
            MemoryMachine machine = machine(observed);
            for (Step bad : plan) {
                AtomicBoolean refused = new AtomicBoolean();
                machine.refuse(step -> step.equals(bad) && !refused.getAndSet(true));

                PlanOutcome outcome = new PlanRunner(machine).run(plan);

                assertThat(outcome).as("seed %d", seed).isInstanceOfSatisfying(PlanOutcome.Undone.class, undone -> {
                    assertThat(undone.failed()).isEqualTo(bad);
                    assertThat(undone.why()).contains(bad.title()).contains("refused");
                });
                assertThat(machine.observe()).as("seed %d: %s", seed, bad).isEqualTo(observed);
                kinds.add(
                        bad.getClass().getSimpleName() + bad.object().getClass().getSimpleName());
            }
        }
        assertThat(kinds).as("every step type failed at least once").hasSize(18);
    }

    @Test
    void anAgentKilledAfterAnyStepFindsItsWay() throws StepFailed {
        for (int round = 0; round < ROUNDS / 20; round++) {
            NetState observed = states.next();
            NetState wanted = states.next();
            List<Step> plan = NetPlanner.plan(observed, wanted);
            for (int done = 0; done <= plan.size(); done++) {
                MemoryMachine machine = machine(observed);
                machine.apply(plan.subList(0, done));

                machine.apply(NetPlanner.plan(machine.observe(), wanted));

                assertThat(NetPlanner.plan(machine.observe(), wanted))
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }
    }

    @Test
    void whatCannotBeTakenBackIsNamedAndTheRestIsTakenBack() throws StepFailed {
        for (int round = 0; round < ROUNDS / 20; round++) {
            List<Step> plan = new ArrayList<>(NetPlanner.plan(NetState.empty(), states.next()));
            if (plan.size() < 2) {
                continue;
            }
            MemoryMachine machine = machine(NetState.empty());
            Step last = plan.getLast();
            Step first = plan.getFirst();
            machine.refuse(step -> step.equals(last) || step.equals(first.undo()));

            PlanOutcome outcome = new PlanRunner(machine).run(plan);

            assertThat(outcome).as("seed %d", seed).isInstanceOfSatisfying(PlanOutcome.Stuck.class, stuck -> {
                assertThat(stuck.failed()).isEqualTo(last);
                assertThat(stuck.left()).singleElement().satisfies(left -> {
                    assertThat(left.undo()).isEqualTo(first.undo());
                    assertThat(left.why()).contains("refused");
                });
            });
            assertThat(machine.observe()).as("seed %d", seed).isEqualTo(NetState.of(List.of(first.object())));
        }
    }
}
