package dev.scc.host;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory with all that is below it, of which others may remove and add parts at the same time. */
public final class FileTree {
    /** Whoever adds something again and again is not waited for. */
    private static final int MOST_TRIES = 10;

    private FileTree() {}

    /**
     * Removes a file, or a directory and all below it. Nothing there is as good as removed; symbolic links are removed, not
     * followed, also where a directory becomes one meanwhile: whoever owns what is removed may be somebody else.
     *
     * @throws DirectoryNotEmptyException if somebody goes on adding to it
     */
    public static void remove(Path root) throws IOException {
        int tries = 1;
        while (true) {
            Removal removal = new Removal();
            try {
                removal.remove(root.toAbsolutePath());
                return;
            } catch (DirectoryNotEmptyException e) {
                if (!removal.raised() && tries++ == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The directory and all directories below it, each after those that are below it; empty if it is not there. */
    public static List<Path> directories(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new Tolerant() {
            @Override
            FileVisitResult left(Path directory) {
                found.add(directory);
                return FileVisitResult.CONTINUE;
            }
        });
        return List.copyOf(found);
    }

    /** Goes on where something has gone meanwhile. */
    private abstract static class Tolerant extends SimpleFileVisitor<Path> {
        abstract FileVisitResult left(Path directory) throws IOException;

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            if (problem instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw problem;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem) throws IOException {
            if (problem != null && !(problem instanceof NoSuchFileException)) {
                throw problem;
            }
            return left(directory);
        }
    }
}
