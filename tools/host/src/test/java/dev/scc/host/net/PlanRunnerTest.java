package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.net.PlanOutcome.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlanRunnerTest {
    private static final NetObject.Link LINK = new NetObject.Link(
            "vpc70", "demo", new LinkKind.Vxlan(70, "eth0", Ipv4.parse("10.0.0.1"), 4789), 1450, Optional.empty());
    private static final NetObject.Fdb FDB =
            new NetObject.Fdb("vpc70", new Mac("02:00:00:00:00:01"), Ipv4.parse("10.0.0.2"));
    private static final NetObject.NftTable TABLE = new NetObject.NftTable("scc_vpc70", "chain c { }");
    private static final NetState WANTED = NetState.of(List.of(LINK, FDB, TABLE));

    private final AtomicLong clock = new AtomicLong();
    private final MemoryMachine machine = new MemoryMachine(Set.of("eth0"));
    // Each look at the clock is 5 ms later than the one before.
    private final PlanRunner runner = new PlanRunner(machine, () -> clock.addAndGet(5_000_000));

    private static Phase phase(String name, int steps) {
        return new Phase(name, steps, Duration.ofMillis(5));
    }

    @Test
    void eachToolsPartIsTimed() {
        PlanOutcome outcome = runner.run(NetPlanner.plan(NetState.empty(), WANTED));

        assertThat(outcome)
                .isEqualTo(
                        new PlanOutcome.Done(List.of(phase("filters", 1), phase("links", 1), phase("forwarding", 1))));
        assertThat(runner.run(List.of())).isEqualTo(new PlanOutcome.Done(List.of()));
    }

    @Test
    void aFailureIsUndoneAndTheUndoIsTimedToo() {
        machine.refuse(step -> step.object().equals(FDB));

        PlanOutcome outcome = runner.run(NetPlanner.plan(NetState.empty(), WANTED));

        assertThat(outcome)
                .isEqualTo(new PlanOutcome.Undone(
                        new Step.Add(FDB),
                        "add " + FDB.key() + ": refused by the test",
                        List.of(
                                phase("filters", 1),
                                phase("links", 1),
                                phase("forwarding", 1),
                                phase("undo links", 1),
                                phase("undo filters", 1))));
        assertThat(machine.observe()).isEqualTo(NetState.empty());
    }
}
