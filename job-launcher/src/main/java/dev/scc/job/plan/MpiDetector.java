package dev.scc.job.plan;

import dev.scc.job.MpiFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out which MPI a command is linked with. */
public final class MpiDetector {
    /**
     * Beginnings of library names, from the sonames of Open MPI (libmpi.so.40, libmpi_mpifh.so.40, …) and of MPICH and what
     * shares its ABI (libmpich.so.12, libmpichfort.so.12, libmpi.so.12).
     */
    private static final List<String> OPEN_MPI = List.of("libmpi.so.40", "libmpi_");

    private static final List<String> MPICH =
            List.of("libmpich", "libmpi.so.12", "libmpifort.so.12", "libmpicxx.so.12");

    private MpiDetector() {}

    /**
     * The family of the command. A command that is not there, a script and a program without MPI are
     * {@link MpiFamily#NONE}; what is wrong with them shows when they are started.
     *
     * @param command as in {@link dev.scc.job.JobSpec#argv}
     * @param directory that a relative path with a slash starts from
     * @param searchPath directories for a name without a slash, separated by colons
     */
    public static MpiFamily detect(String command, Path directory, String searchPath) throws IOException {
        Optional<Path> file = find(command, directory, searchPath);
        if (file.isEmpty()) {
            return MpiFamily.NONE;
        }
        return ElfFile.needed(file.get()).map(MpiDetector::family).orElse(MpiFamily.NONE);
    }

    /** The file that a shell would run. */
    public static Optional<Path> find(String command, Path directory, String searchPath) {
        if (command.indexOf('/') >= 0) {
            return Optional.of(directory.resolve(command)).filter(MpiDetector::executable);
        }
        for (String place : searchPath.split(":", -1)) {
            Path file = directory.resolve(place).resolve(command);
            if (executable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static boolean executable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static MpiFamily family(List<String> libraries) {
        for (String library : libraries) {
            if (OPEN_MPI.stream().anyMatch(library::startsWith)) {
                return MpiFamily.OPENMPI;
            }
            if (MPICH.stream().anyMatch(library::startsWith)) {
                return MpiFamily.MPICH;
            }
        }
        return MpiFamily.NONE;
    }
}
