package dev.scc.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the compiled C parts of scc (libraries and small programs) by name. They are in a directory that the system property
 * {@code scc.native} lists (a module's own tests set it), else in {@code native/} under {@code scc.home}, the distribution's
 * directory.
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
        List<Path> files = directories()
                .orElseThrow(() -> new IllegalStateException("cannot look for native file " + name
                        + ": neither system property scc.native nor scc.home is set; start scc through its launcher"))
                .map(directory -> directory.resolve(name).toAbsolutePath())
                .toList();
        return files.stream()
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "native file " + files.getFirst() + " is not there; build scc again"));
    }

    /** Tests of a module use what it and the modules below it have built, each in a directory of its own. */
    private static Optional<Stream<Path>> directories() {
        return Optional.ofNullable(System.getProperty("scc.native"))
                .map(list -> Stream.of(list.split(File.pathSeparator, -1)).map(Path::of))
                .or(() -> Optional.ofNullable(System.getProperty("scc.home"))
                        .map(home -> Stream.of(Path.of(home, "native"))));
    }
}
