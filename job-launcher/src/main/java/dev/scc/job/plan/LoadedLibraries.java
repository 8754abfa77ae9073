package dev.scc.job.plan;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All libraries that a program is loaded with, those that its libraries ask for too. The dynamic linker says so itself
 * ({@code ld.so --list}, which starts nothing): it alone knows all of RUNPATH, {@code LD_LIBRARY_PATH} and its cache.
 */
final class LoadedLibraries {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Another program that calls itself an interpreter is not run. */
    private static final Pattern LINKER = Pattern.compile("/(usr/)?lib(64)?/([a-z0-9_-]+/)?ld-linux[a-z0-9_.-]*");

    private final Commands commands;
    private final Optional<String> libraryPath;

    /** @param libraryPath the LD_LIBRARY_PATH that the program will have */
    LoadedLibraries(Commands commands, Optional<String> libraryPath) {
        this.commands = commands;
        this.libraryPath = libraryPath;
    }

    /** Their names, such as {@code libmpi.so.40}; none if it cannot be found out. */
    List<String> of(Path program) throws IOException {
        Optional<String> linker =
                ElfFile.interpreter(program).filter(path -> LINKER.matcher(path).matches());
        if (linker.isEmpty()) {
            return List.of();
        }
        Command list = Command.of(
                        linker.get(), "--list", program.toAbsolutePath().toString())
                .withEnvironment(
                        libraryPath.map(path -> Map.of("LD_LIBRARY_PATH", path)).orElse(Map.of()))
                .within(PATIENCE);
        try {
            CommandResult result = commands.run(list);
            return result.output()
                    .lines()
                    .map(line -> line.strip().split(" ", 2)[0])
                    .toList();
        } catch (CommandFailed e) {
            return List.of(); // Then its own libraries are all that is known.
        }
    }
}
