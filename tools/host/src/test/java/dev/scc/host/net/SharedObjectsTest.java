package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Neighbour;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What several nodes share behaves as if each had it for itself. */
class SharedObjectsTest {
    private static final int ROUNDS = 2_000;

    private final long seed = Long.getLong("seed", 1);
    private final Random random = new Random(seed);
    private final RandomStates states = new RandomStates(random);
    private final List<SharedObjects> entries = List.of(entries(3), entries(5));
    private final List<SharedObjects> neighbours = List.of(neighbours(3), neighbours(5));

    private static SharedObjects entries(int count) {
        return SharedObjects.entries(IntStream.rangeClosed(1, count)
                .mapToObj(number ->
                        new Fdb("a", mac(number), Ipv4.parse("10.1.0.0").plus(number)))
                .toList());
    }

    private static SharedObjects neighbours(int count) {
        return SharedObjects.neighbours(IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Neighbour("c", Ipv4.parse("10.0.0.0").plus(number), mac(number)))
                .toList());
    }

    private static Mac mac(int number) {
        return Mac.of(Ipv4.parse("10.0.0.0").plus(number));
    }

    /** With parts more often than not, and then mostly without anything of their kind besides. */
    private NetState next() {
        NetState state = states.next();
        if (random.nextInt(4) == 0) {
            return state;
        }
        List<SharedObjects.Part> parts = new ArrayList<>();
        int which = random.nextInt(2);
        int self = 1 + random.nextInt(3);
        if (random.nextInt(4) > 0) {
            parts.add(entries.get(which).without("fdb:a/" + mac(self)));
        }
        if (random.nextInt(4) > 0) {
            parts.add(neighbours
                    .get(which)
                    .without("neigh:c/" + Ipv4.parse("10.0.0.0").plus(self)));
        }
        boolean apart = random.nextInt(8) > 0;
        List<NetObject> own = state.objects().values().stream()
                .filter(object -> apart ? !SharedObjects.sharable(object) : !onThose(object))
                .toList();
        return NetState.sharing(own, parts);
    }

    private static boolean onThose(NetObject object) {
        return object instanceof Fdb
                || (object instanceof Neighbour neighbour && neighbour.link().equals("c"));
    }

    @Test
    void aStateWithPartsIsTheSameAsOneWithout() {
        for (int round = 0; round < ROUNDS; round++) {
            NetState shared = next();
            NetState spread = shared.spread();

            assertThat(shared).as("seed %d", seed).isEqualTo(spread);
            assertThat(spread).as("seed %d", seed).isEqualTo(shared);
            assertThat(shared.hashCode()).isEqualTo(spread.hashCode());
            assertThat(shared.objects().keySet())
                    .containsExactlyElementsOf(spread.objects().keySet());
            assertThat(shared.objects()).hasSameSizeAs(spread.objects());
            spread.objects()
                    .forEach((key, object) ->
                            assertThat(shared.objects().get(key)).isEqualTo(object));
            assertThat(shared.objects().get("fdb:nowhere")).isNull();
            assertThat(shared.objects()).doesNotContainKey("fdb:nowhere");
        }
    }

    @Test
    void thePlanIsTheSameStepForStep() {
        int simple = 0;
        for (int round = 0; round < ROUNDS; round++) {
            NetState observed = next();
            NetState wanted = random.nextInt(3) > 0 ? next() : random.nextInt(2) > 0 ? observed : NetState.empty();

            List<Step> plan = NetPlanner.plan(observed, wanted);

            assertThat(plan)
                    .as("seed %d, round %d", seed, round)
                    .containsExactlyElementsOf(NetPlanner.each(observed.spread(), wanted.spread()));
            simple += SharedPlan.of(observed, wanted).isPresent() ? 1 : 0;
        }
        assertThat(simple).as("seed %d", seed).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void aMachineComesToTheSameWhetherItIsToldPartsOrSteps() throws StepFailed {
        for (int round = 0; round < ROUNDS; round++) {
            MemoryMachine parts = RandomStates.machine();
            MemoryMachine steps = RandomStates.machine();
            for (int move = 0; move < 4; move++) {
                NetState wanted = sound(next());

                run(parts, NetPlanner.plan(parts.observe(), wanted));
                run(steps, NetPlanner.each(steps.observe(), wanted.spread()));

                assertThat(parts.observe()).as("seed %d", seed).isEqualTo(steps.observe());
            }
        }
    }

    /** Mostly with the links that the parts sit on. */
    private NetState sound(NetState state) {
        List<NetObject> own = new ArrayList<>(state.own().objects().values());
        if (random.nextInt(8) > 0) {
            own.removeIf(object ->
                    object instanceof NetObject.Link link && List.of("a", "c").contains(link.name()));
            for (String name : List.of("a", "c")) {
                own.add(new NetObject.Link(
                        name, "red", new LinkKind.Macvlan("eth0"), 1400, java.util.Optional.empty()));
            }
        }
        return NetState.of(own).sharing(state.parts());
    }

    /** As the agent does, with what it takes back when a step is refused. */
    private static void run(MemoryMachine machine, List<Step> plan) {
        new PlanRunner(machine).run(plan);
    }

    @Test
    void noneOfItIsLookedAtOneByOneWhereAllComesStaysAndGoes() throws StepFailed {
        MemoryMachine machine = new MemoryMachine(List.of("a", "c"));
        NetState wanted = NetState.sharing(
                List.of(new NetObject.NftTable("scc_a", "chain c { }")),
                List.of(
                        entries.get(1).without("fdb:a/" + mac(2)),
                        neighbours.get(1).without("neigh:c/10.0.0.2")));

        machine.apply(SharedPlan.of(machine.observe(), wanted).orElseThrow());

        assertThat(machine.observe().parts()).hasSize(2);
        assertThat(SharedPlan.of(machine.observe(), wanted).orElseThrow()).isEmpty();

        machine.apply(SharedPlan.of(machine.observe(), NetState.empty()).orElseThrow());

        assertThat(machine.observe().objects()).isEmpty();
    }

    @Test
    void aRefusedStepInThePartsIsNamedAndEverythingIsTakenBack() {
        MemoryMachine machine = new MemoryMachine(List.of("a", "c"));
        NetState wanted = NetState.sharing(
                List.of(),
                List.of(
                        entries.get(1).without("fdb:a/" + mac(2)),
                        neighbours.get(1).without("neigh:c/10.0.0.2")));
        machine.refuse(step -> step.title().equals("add fdb:a/" + mac(4)));

        PlanOutcome outcome = new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        PlanOutcome.Undone.class,
                        undone -> assertThat(undone.failed().title()).isEqualTo("add fdb:a/" + mac(4)));
        assertThat(machine.observe().objects()).isEmpty();
    }

    @Test
    void aMemberThatIsNotAmongThemIsRefused() {
        assertThatThrownBy(() -> entries.get(0).without("fdb:a/nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nobody");
    }
}
