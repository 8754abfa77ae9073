package dev.scc.host;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * One attempt to remove a directory with all below it. It goes down by open directories (openat(2)) and never by paths, which
 * the owner of what is removed could lead elsewhere between a look and the next step.
 */
final class Removal {
    /** Each level keeps a descriptor open. What is deeper is moved up and removed by the next attempt. */
    private static final int DEEPEST = 64;

    private boolean raised;
    private int names;

    /** Whether something was moved up, so that another attempt gets further. */
    boolean raised() {
        return raised;
    }

    /** @throws DirectoryNotEmptyException if another attempt may get further */
    void remove(Path root) throws IOException {
        Path parent = root.getParent();
        Path name = root.getFileName();
        if (parent == null || name == null) {
            throw new IOException(root + " is the root of a file system");
        }
        try (DirectoryStream<Path> above = Files.newDirectoryStream(parent)) {
            remove(secure(above), name, 0, secure(above));
        } catch (NoSuchFileException e) {
            return; // Its parent is gone, too.
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException("this system has no way to remove a directory that somebody else may change");
    }

    private void remove(SecureDirectoryStream<Path> in, Path name, int depth, SecureDirectoryStream<Path> top)
            throws IOException {
        try {
            if (!directory(in, name)) {
                in.deleteFile(name);
                return;
            }
            if (depth > DEEPEST) {
                in.move(name, top, Path.of(".removed-" + Long.toHexString(System.nanoTime()) + "-" + names++));
                raised = true;
                return;
            }
            try (SecureDirectoryStream<Path> below = in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                for (Path each : below) {
                    remove(below, each.getFileName(), depth + 1, depth == 0 ? below : top);
                }
            }
            in.deleteDirectory(name);
        } catch (NoSuchFileException e) {
            return; // Somebody else has removed it.
        } catch (NotDirectoryException e) {
            throw new DirectoryNotEmptyException(name + ", which changes while it is removed");
        }
    }

    private static boolean directory(SecureDirectoryStream<Path> in, Path name) throws IOException {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }
}
