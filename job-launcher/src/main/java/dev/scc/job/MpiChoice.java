package dev.scc.job;

/** Which MPI the caller says that the command uses; {@link #AUTO} leaves it to what the executable is linked with. */
public enum MpiChoice {
    AUTO,
    /** Its own launcher starts the ranks. */
    OPENMPI,
    /** {@link #OPENMPI}, whose ranks are started directly and find each other through our PMIx servers. */
    OPENMPI_PMIX,
    MPICH,
    TORCH,
    NONE;

    /** As it is said on a command line, in capitals. */
    @Override
    public String toString() {
        return name().replace('_', '-');
    }
}
