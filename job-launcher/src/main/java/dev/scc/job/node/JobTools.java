package dev.scc.job.node;

import dev.scc.host.NativeFiles;
import java.nio.file.Path;

/**
 * The small native parts that stand between the agent and the processes of a job.
 *
 * @param exec prepares a process and becomes it
 * @param rsh the launch agent that {@code mpirun} calls in ssh's place
 * @param rank watches a rank that is not the agent's child
 * @param pmix serves PMIx to the ranks of a node
 * @param progress the library that keeps UCX moving while a rank of MPICH waits in {@code MPI_Finalize}
 */
public record JobTools(Path exec, Path rsh, Path rank, Path pmix, Path progress) {

    /**
     * Those of this installation.
     *
     * @throws IllegalStateException if one is missing
     */
    public static JobTools installed() {
        return new JobTools(
                NativeFiles.find("scc-exec"),
                NativeFiles.find("scc-rsh"),
                NativeFiles.find("scc-rank"),
                NativeFiles.find("scc-pmix"),
                NativeFiles.find("libscc-progress.so"));
    }
}
