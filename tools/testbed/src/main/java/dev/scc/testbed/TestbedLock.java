package dev.scc.testbed;

import dev.scc.host.PrivateDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/** Held by the one process that changes a testbed. The kernel drops it when that process ends, however it ends. */
final class TestbedLock implements AutoCloseable {
    static final String FILE = "lock";

    private final FileChannel channel;

    private TestbedLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes the directory if it is missing. Empty if the lock is held, by another process or by this one. */
    static Optional<TestbedLock> tryAcquire(Path directory) throws IOException {
        PrivateDirectory.make(directory, FILE);
        Path file = directory.resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean acquired = false;
        try {
            Object opened = key(file);
            FileLock lock = channel.tryLock();
            // The holder before us may have removed the file between our opening and our locking it.
            acquired = lock != null && Files.exists(file) && Objects.equals(opened, key(file));
            return acquired ? Optional.of(new TestbedLock(channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } finally {
            if (!acquired) {
                channel.close();
            }
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
