package dev.scc.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A small file that is replaced as a whole: after a crash or a power cut at any instant it holds either the old or the new
 * content, and once {@link #write} has returned, the new one. Only its owner may read it, from its first byte on. One process
 * writes it; several threads of it may.
 */
public final class AtomicFile implements DurableText {
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final Path directory;

    public AtomicFile(Path file) {
        this.file = file.toAbsolutePath();
        Path parent = this.file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is not a file's path");
        }
        this.directory = parent;
    }

    public Path path() {
        return file;
    }

    /** Replaces the content; makes the directory if it is missing. */
    public synchronized void write(byte[] content) throws IOException {
        Files.createDirectories(directory);
        // A fixed name: what a crash leaves behind is overwritten by the next write.
        Path next = directory.resolve("." + file.getFileName() + ".next");
        try (FileChannel channel = open(next)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
    }

    private static FileChannel open(Path next) throws IOException {
        // One that is there may be readable for others, or open already, or a link.
        Files.deleteIfExists(next);
        return FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER));
    }

    @Override
    public String name() {
        return file.toString();
    }

    /** Replaces the content with UTF-8 text. */
    @Override
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The content; empty if the file was never written, or was deleted. */
    @Override
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Removes the file; one that is not there is removed already. */
    public synchronized void delete() throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectory();
        }
    }

    // A rename is durable only when its directory is (fsync(2)).
    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
