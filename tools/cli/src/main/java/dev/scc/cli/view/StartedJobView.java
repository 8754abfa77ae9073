package dev.scc.cli.view;

import dev.scc.job.JobId;

/** A job that has been started and is left alone. */
public record StartedJobView(JobId job) implements View {}
