package dev.scc.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the compiled C parts of scc (libraries and small programs) by name. They are in the directory that the system
 * property {@code scc.native} names (a module's own tests set it), else in {@code native/} under {@code scc.home}, the
 * distribution's directory.
 */
public final class NativeFiles {
    private NativeFiles() {}

    /**
     * The absolute path of the native file {@code name}, such as {@code libdisni.so}.
     *
     * @throws IllegalStateException if neither property is set, or the file is not there; the message says where it was
     *     looked for
     */
    public static Path find(String name) {
        Path file = directory()
                .orElseThrow(() -> new IllegalStateException("cannot look for native file " + name
                        + ": neither system property scc.native nor scc.home is set; start scc through its launcher"))
                .resolve(name)
                .toAbsolutePath();
        if (!Files.isReadable(file)) {
            throw new IllegalStateException("native file " + file + " is not there; build scc again");
        }
        return file;
    }

    private static Optional<Path> directory() {
        return Optional.ofNullable(System.getProperty("scc.native"))
                .map(Path::of)
                .or(() -> Optional.ofNullable(System.getProperty("scc.home")).map(home -> Path.of(home, "native")));
    }
}
