package dev.scc.job.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What makes a program of an MPI that its job was not started for say so, instead of running as many jobs of one rank: behind
 * a script, an interpreter or a library of its own nobody can see beforehand what a command is. Launchers that a rank itself
 * starts ({@code mpirun} within a job) have other ways, and do not notice.
 */
public final class Guards {
    /** What Open MPI says when it finds this instead of a launcher; it is part of an error message of its own. */
    public static final String OPENMPI_MARK = "started-without-mpirun--say-mpi-openmpi-to-scc-run";

    private Guards() {}

    /** For Open MPI: a program that is its own launcher is to ask at a place that is not there, and ends. */
    static Map<String, String> againstOpenMpi() {
        return Map.of("OMPI_MCA_ess_singleton_server", "file:" + OPENMPI_MARK);
    }

    /** For MPICH and its kin: they come to our PMI-1 server, which nobody else does. */
    static Map<String, String> againstMpich(int pmiPort) {
        return Map.of("PMI_PORT", "127.0.0.1:" + pmiPort);
    }

    /** The same for a rank that we start. */
    static Map<String, String> againstMpich(int pmiPort, int rank) {
        Map<String, String> environment = new LinkedHashMap<>(againstMpich(pmiPort));
        environment.put("PMI_ID", Integer.toString(rank));
        return environment;
    }
}
