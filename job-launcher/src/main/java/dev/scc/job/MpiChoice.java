package dev.scc.job;

/** Which MPI the caller says that the command uses; {@link #AUTO} leaves it to what the executable is linked with. */
public enum MpiChoice {
    AUTO,
    /** Ranks are started directly where all nodes of the job can serve PMIx, and by Open MPI's own launcher otherwise. */
    OPENMPI,
    /** {@link #OPENMPI}, whose ranks are started directly and find each other through our PMIx servers, or not at all. */
    OPENMPI_PMIX,
    /** {@link #OPENMPI}, whose ranks are started by its own launcher, also where nodes can serve PMIx. */
    OPENMPI_MPIRUN,
    MPICH,
    TORCH,
    NONE;

    /** As it is said on a command line, in capitals. */
    @Override
    public String toString() {
        return name().replace('_', '-');
    }
}
