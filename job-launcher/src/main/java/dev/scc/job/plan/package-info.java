/**
 * How a job is started, decided without touching anything: which node runs which ranks, over which transport, with which
 * command lines and environments; and which MPI an executable is linked with.
 */
@NullMarked
package dev.scc.job.plan;

import org.jspecify.annotations.NullMarked;
