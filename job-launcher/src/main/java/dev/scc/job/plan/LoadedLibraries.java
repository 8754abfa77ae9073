package dev.scc.job.plan;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private final ProgramFiles files;
    private final Optional<String> libraryPath;

    /** @param libraryPath the LD_LIBRARY_PATH that the program will have */
    LoadedLibraries(ProgramFiles files, Optional<String> libraryPath) {
        this.files = files;
        this.libraryPath = libraryPath;
    }

    /** Their names, such as {@code libmpi.so.40}; none if it cannot be found out. */
    List<String> of(Path program) throws IOException {
        Optional<String> linker = ElfFile.interpreter(files, program)
                .filter(path -> LINKER.matcher(path).matches());
        if (linker.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of(linker.get()));
        // Not as LD_LIBRARY_PATH: that would take effect in whatever runs before the linker, too.
        libraryPath.ifPresent(path -> words.addAll(List.of("--library-path", path)));
        words.addAll(List.of("--list", program.toAbsolutePath().toString()));
        Command list = Command.of(words).within(PATIENCE);
        try {
            CommandResult result = files.commands().run(list);
            return result.output()
                    .lines()
                    .map(line -> line.strip().split(" ", 2)[0])
                    .toList();
        } catch (CommandFailed e) {
            return List.of(); // Then its own libraries are all that is known.
        }
    }
}
