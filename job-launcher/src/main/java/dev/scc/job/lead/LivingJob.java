package dev.scc.job.lead;

import dev.scc.job.JobRecord;

/**
 * A job that is led here and is not over.
 *
 * @param bound whether it ends with its client, who therefore hears all of it as long as it lives
 * @param sinceNanos when it was asked for, by the clock of its lead's tasks
 */
public record LivingJob(JobRecord record, boolean bound, long sinceNanos) {}
