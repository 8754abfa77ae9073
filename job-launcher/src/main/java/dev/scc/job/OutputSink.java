package dev.scc.job;

/** Where a caller wants what comes while a job runs. Called by one thread. */
public interface OutputSink {

    /** The job is being started. */
    void started(JobEvent.Started started);

    /** Some bytes, as they came; with {@link JobSpec#prefix} whole lines, each with its rank in front. */
    void output(boolean errors, byte[] bytes);
}
