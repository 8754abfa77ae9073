/**
 * One node's part in a job, as its keeper carries it out: processes in the job's cgroup, their output and how they ended,
 * the socket on which launch agents call, the port where MPICH's ranks find their PMI-1 server, the counters of the RDMA
 * device before and after. Everything ends with the call that opened it.
 */
@NullMarked
package dev.scc.job.node;

import org.jspecify.annotations.NullMarked;
