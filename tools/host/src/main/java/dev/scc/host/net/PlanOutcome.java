package dev.scc.host.net;

import java.time.Duration;
import java.util.List;

/** How a plan ended. */
public sealed interface PlanOutcome {

    /** What the tools took, in order; those of the undo included. */
    List<Phase> phases();

    /** Every step has taken effect. */
    record Done(List<Phase> phases) implements PlanOutcome {
        public Done {
            phases = List.copyOf(phases);
        }
    }

    /** A step failed, and everything done before it was taken back: the node is as it was before the plan. */
    record Undone(Step failed, String why, List<Phase> phases) implements PlanOutcome {
        public Undone {
            phases = List.copyOf(phases);
        }
    }

    /** A step failed, and not everything done before it could be taken back. */
    record Stuck(Step failed, String why, List<Leftover> left, List<Phase> phases) implements PlanOutcome {
        public Stuck {
            left = List.copyOf(left);
            phases = List.copyOf(phases);
        }
    }

    /**
     * A step that would have taken back what was done, and did not.
     *
     * @param why what the machine said
     */
    record Leftover(Step undo, String why) {}

    /**
     * Consecutive steps that one tool carried out.
     *
     * @param name {@code links}, {@code forwarding} or {@code filters}; with {@code undo } before it when it took back
     * @param steps how many steps were asked of it
     */
    record Phase(String name, int steps, Duration took) {}
}
