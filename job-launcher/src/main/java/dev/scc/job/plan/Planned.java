package dev.scc.job.plan;

import dev.scc.job.Refusal;

/** A plan for a job, or why there is none. */
public sealed interface Planned {

    /** It can be started like this. */
    record Accepted(LaunchPlan plan) implements Planned {}

    /** It is not started. */
    record Refused(Refusal why) implements Planned {}
}
