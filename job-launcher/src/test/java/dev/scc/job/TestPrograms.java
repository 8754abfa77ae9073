package dev.scc.job;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compiles the C programs of the tests, with the compilers that they are for. */
public final class TestPrograms {
    private static final Path SOURCES = Path.of("src/test/c").toAbsolutePath();
    /** Of this process alone: others may run theirs while these are compiled. */
    static final Path PROGRAMS =
            Path.of("target/test-programs/" + ProcessHandle.current().pid()).toAbsolutePath();

    private TestPrograms() {}

    /** The program {@code name}, compiled with {@code compiler} such as {@code mpicc.mpich}. */
    public static Path compile(String name, String compiler) throws IOException, CommandFailed {
        return compile(name, PROGRAMS.resolve(name + "-" + compiler), compiler);
    }

    /** A library to preload. */
    public static Path library(String name) throws IOException, CommandFailed {
        return compile(name, PROGRAMS.resolve(name + ".so"), "gcc", "-shared", "-fPIC");
    }

    private static Path compile(String name, Path result, String... compiler) throws IOException, CommandFailed {
        Files.createDirectories(PROGRAMS);
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(List.of(
                "-O1",
                "-Wall",
                "-o",
                result.toString(),
                SOURCES.resolve(name + ".c").toString()));
        new LocalCommands().check(Command.of(command).within(Duration.ofMinutes(2)));
        return result;
    }
}
