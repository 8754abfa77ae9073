package dev.scc.job.lead;

/** Why a job failed: the first thing that went wrong, and the exit status that follows from it. */
record FirstCause(int exitCode, String sentence) {}
