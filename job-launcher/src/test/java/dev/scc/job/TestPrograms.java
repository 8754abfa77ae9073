package dev.scc.job;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Compiles the C programs of the tests, with the MPI compilers that they are for. */
public final class TestPrograms {
    private static final Path SOURCES = Path.of("src/test/c").toAbsolutePath();
    private static final Path PROGRAMS = Path.of("target/test-programs").toAbsolutePath();

    private TestPrograms() {}

    /** The program {@code name}, compiled with {@code compiler} such as {@code mpicc.mpich}. */
    public static Path compile(String name, String compiler) throws IOException, CommandFailed {
        Files.createDirectories(PROGRAMS);
        Path program = PROGRAMS.resolve(name + "-" + compiler);
        new LocalCommands()
                .check(Command.of(
                                compiler,
                                "-O1",
                                "-Wall",
                                "-o",
                                program.toString(),
                                SOURCES.resolve(name + ".c").toString())
                        .within(Duration.ofMinutes(2)));
        return program;
    }
}
