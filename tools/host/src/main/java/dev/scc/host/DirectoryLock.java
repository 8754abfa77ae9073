package dev.scc.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Held by the one process that owns a data directory. The kernel drops it when that process ends, however it ends; the file
 * {@code lock} stays, and says nothing by being there.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);
    private static final String FILE = "lock";

    /**
     * What this process holds. The kernel drops all locks that a process has on a file when it closes any descriptor of that
     * file (fcntl(2)), so whoever asks a second time in this process must not even open it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the lock, or fails at once.
     *
     * @param directory made if it is not there; for its owner alone
     * @param who what the owner is, such as {@code scc agent}, for the message
     * @throws IOException if another owner has it, or the directory cannot be used
     */
    public static DirectoryLock acquire(Path directory, String who) throws IOException {
        PrivateDirectory.make(directory, FILE);
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw new IOException(inUse(directory, who, "this one, process " + own()));
        }
        DirectoryLock lock = null;
        try {
            lock = lock(directory, real, who);
            return lock;
        } finally {
            if (lock == null) {
                HELD.remove(real);
            }
        }
    }

    private static DirectoryLock lock(Path directory, Path real, String who) throws IOException {
        Path file = real.resolve(FILE);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
            if (!locked) {
                throw new IOException(inUse(
                        directory, who, "process " + Files.readString(file).strip()));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((own() + "\n").getBytes(StandardCharsets.UTF_8)));
            return new DirectoryLock(real, channel);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static long own() {
        return ProcessHandle.current().pid();
    }

    private static String inUse(Path directory, String who, String owner) {
        return "another " + who + " uses " + directory + " (" + owner + "); each needs a directory of its own";
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.atWarn().addKeyValue("directory", directory).setCause(e).log("lock not closed");
        } finally {
            HELD.remove(directory);
        }
    }
}
