package dev.scc.job;

/** What a job's client is to it. */
public enum Attachment {
    /** It follows the job, which ends when the client is gone. */
    BOUND,
    /** It follows the job, which goes on when the client is gone. */
    LOOSE,
    /** It is told that the job has started, and goes. */
    DETACHED
}
