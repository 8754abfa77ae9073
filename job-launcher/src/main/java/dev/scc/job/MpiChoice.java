package dev.scc.job;

/** Which MPI the caller says that the command uses; {@link #AUTO} leaves it to what the executable is linked with. */
public enum MpiChoice {
    AUTO,
    OPENMPI,
    MPICH,
    TORCH,
    NONE
}
