package dev.scc.job.plan;

/** What became of a wish to run a job. */
public sealed interface Planned {

    /** It can be started like this. */
    record Accepted(LaunchPlan plan) implements Planned {}

    /** It is not started. {@code exitCode} is the caller's. */
    record Refused(int exitCode, String why) implements Planned {}
}
