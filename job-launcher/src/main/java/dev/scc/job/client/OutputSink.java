package dev.scc.job.client;

import dev.scc.job.JobEvent;

/** Where a caller wants what comes while a job runs. Called by one thread. */
public interface OutputSink {

    /** The job is being started. */
    void started(JobEvent.Started started);

    /** A piece of what one process wrote, before lines are made of it. Returns whether that was all that was wanted of it. */
    default boolean take(JobEvent.Output piece) {
        return false;
    }

    /** Where ranks would start. */
    default void placed(JobEvent.Placed placed) {}

    /** The next piece of the files that a node has for the caller. */
    default void collected(JobEvent.Collected piece) throws InterruptedException {}

    /** There are no more from that node. */
    default void collectedAll(JobEvent.CollectedAll all) throws InterruptedException {}

    /** Some bytes: of several ranks whole lines, of one as they came; with the rank in front, if the job wants that. */
    void output(boolean errors, byte[] bytes);
}
