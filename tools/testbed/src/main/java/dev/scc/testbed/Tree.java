package dev.scc.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Directories as wholes. */
final class Tree {
    private Tree() {}

    /** Removes {@code root} and all below it; symbolic links are removed, not followed. */
    static void delete(Path root) throws IOException {
        List<Path> below;
        try (Stream<Path> walk = Files.walk(root)) {
            below = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : below) {
            Files.deleteIfExists(path);
        }
    }

    /** Removes what is in {@code directory}, but not the entries named. */
    static void deleteBelow(Path directory, Set<String> kept) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(directory)) {
            entries = listed.filter(path -> !kept.contains(path.getFileName().toString()))
                    .toList();
        }
        for (Path entry : entries) {
            delete(entry);
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
