package dev.scc.job.keeper;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Why the last keeper did not start, as the file {@code failure.txt} in its directory says: its agent waits for it, and has
 * only its exit status.
 */
final class StartFailure {
    private static final String FILE = "failure.txt";

    private StartFailure() {}

    static void clear(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }

    static void write(Path directory, String why) throws IOException {
        new AtomicFile(directory.resolve(FILE)).write(why.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<String> read(Path directory) throws IOException {
        return new AtomicFile(directory.resolve(FILE)).read().map(text -> new String(text, StandardCharsets.UTF_8));
    }
}
