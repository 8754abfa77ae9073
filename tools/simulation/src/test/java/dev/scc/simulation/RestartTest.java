package dev.scc.simulation;

import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Request;
import dev.scc.host.NodeName;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartTest {
    /** The agent does not know any more that it had reached its assignment before. */
    @Test
    void aNodeWhoseFirstAttemptFailsAfterARestartGetsWell() {
        Simulation sim = new Simulation(1, 1, Trace::silent);
        for (int i = 1; i <= 2; i++) {
            Hardware machine = new Hardware(i, new NodeName("n" + i), "n" + i);
            sim.hardware.add(machine);
            sim.startAgent(machine);
        }
        sim.startController("s1");
        sim.run(4 * Timeline.SECOND);
        sim.ask("r", new Request.Create(ClusterSpec.of("demo", 2)), 60 * Timeline.SECOND);
        sim.run(Timeline.SECOND / 10);
        Quiet quiet = new Quiet(sim);
        quiet.settle(60 * Timeline.SECOND);

        Hardware machine = sim.hardware.getFirst();
        Objects.requireNonNull(machine.agent).kill();
        MachineFaults.forget(machine);
        machine.failing = Optional.of("add link");
        machine.failures = 1;
        sim.startAgent(machine);
        sim.run(10 * Timeline.SECOND);

        quiet.settle(120 * Timeline.SECOND);
    }
}
