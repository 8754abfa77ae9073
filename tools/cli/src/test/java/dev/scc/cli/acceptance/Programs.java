package dev.scc.cli.acceptance;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * MPI programs that the tests run, compiled once before the guests boot, since the guests see this machine's files.
 *
 * @param openMpi the ring program of {@code src/test/c} against Open MPI
 * @param mpich the same against MPICH
 */
record Programs(Path directory, String openMpi, String mpich, String crash, String endless, String patient) {

    static Programs compile(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new Programs(
                directory,
                compile("mpicc.openmpi", "ring.c", directory.resolve("ring-openmpi")),
                compile("mpicc.mpich", "ring.c", directory.resolve("ring-mpich")),
                compile("mpicc.openmpi", "crash.c", directory.resolve("crash")),
                compile("mpicc.openmpi", "endless.c", directory.resolve("endless")),
                compile("mpicc.openmpi", "patient.c", directory.resolve("patient")));
    }

    private static String compile(String compiler, String source, Path program) {
        Path file = Scc.root().resolve("tools/cli/src/test/c").resolve(source);
        try {
            new LocalCommands()
                    .check(Command.of(compiler, "-O2", "-Wall", "-Wextra", "-o", program.toString(), file.toString()));
        } catch (CommandFailed e) {
            throw new AssertionError("cannot compile " + source, e);
        }
        return program.toString();
    }
}
