package dev.scc.testbed;

import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Directories as wholes. */
final class Tree {
    private Tree() {}

    /** Removes what is in {@code directory}, but not the entries named. */
    static void deleteBelow(Path directory, Set<String> kept) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(directory)) {
            entries = listed.filter(path -> !kept.contains(path.getFileName().toString()))
                    .toList();
        }
        for (Path entry : entries) {
            FileTree.remove(entry);
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
