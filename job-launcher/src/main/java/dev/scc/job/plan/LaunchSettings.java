package dev.scc.job.plan;

import java.nio.file.Path;

/**
 * What the lead node knows beside the plan.
 *
 * @param vpcInterface each node's interface in the cluster's VPC: job control and TCP stay on it
 * @param mpirun Open MPI's launcher
 * @param rsh our launch agent, called in ssh's place
 * @param rank our watcher around each rank that is not our child
 * @param pmix serves PMIx to the ranks of a node, see {@code scc-pmix.c}
 * @param progress the library that ranks of MPICH preload, see {@code libscc-progress.c}
 * @param asRoot whether processes of the job are root's
 * @param jobDirectory on each node; for whatever an MPI keeps in files, so that it goes with the job
 */
public record LaunchSettings(
        String vpcInterface,
        String mpirun,
        Path rsh,
        Path rank,
        Path pmix,
        Path progress,
        boolean asRoot,
        Path jobDirectory) {}
