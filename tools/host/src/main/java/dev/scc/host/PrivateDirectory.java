package dev.scc.host;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that nobody but its owner can look into: whatever modes the files have that libraries make in it, others cannot reach
 * them, and can leave none there under a name that is known beforehand.
 */
public final class PrivateDirectory {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private PrivateDirectory() {}

    /**
     * Makes it, or closes one that is empty or has been this program's before. One with something else in it stays as it is.
     *
     * @param known a file's name by which a directory is known to have been this program's
     * @throws IOException if it is somebody else's, or others can write to it
     */
    public static void make(Path directory, String known) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (!Files.isDirectory(absolute)) {
            Path parent = absolute.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(OWNER));
                return;
            } catch (FileAlreadyExistsException e) {
                // Somebody else has made it meanwhile: looked at like any other.
            }
        }
        Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!own.equals(Files.getAttribute(absolute, "unix:uid"))) {
            throw new IOException(directory + " belongs to somebody else: a directory of this user's is needed");
        }
        if (Files.exists(absolute.resolve(known), LinkOption.NOFOLLOW_LINKS) || isEmpty(absolute)) {
            Files.setPosixFilePermissions(absolute, OWNER);
        } else if (Files.getPosixFilePermissions(absolute).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(directory + " is no place for secrets: everybody can write there");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
