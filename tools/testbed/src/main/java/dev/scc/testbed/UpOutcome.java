package dev.scc.testbed;

import java.time.Duration;
import java.util.List;

/** How {@link Testbed#up} ended. */
public sealed interface UpOutcome {
    /** Every node is there, and the server, if there is one, runs. */
    record Up(List<TestbedNode> nodes, List<Phase> phases) implements UpOutcome {
        public Up {
            nodes = List.copyOf(nodes);
            phases = List.copyOf(phases);
        }
    }

    /** The testbed is as it was before: what was there is untouched, and what was started has been taken down. */
    record NotUp(Problem problem) implements UpOutcome {}

    /** One part of the way up and the time it took. */
    record Phase(String name, Duration took) {}
}
