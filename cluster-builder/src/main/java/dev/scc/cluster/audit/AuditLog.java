package dev.scc.cluster.audit;

import dev.scc.cluster.audit.AuditEntry.Fact;
import dev.scc.cluster.trust.Fingerprint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log that one server writes, in files that only its owner may read. An entry is in the system's memory when
 * {@link #add} has returned, and on the disk after the next {@link #force}. Where the disk takes nothing, calls go on and entries
 * are counted; how many are missing is the next entry that can be written. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    /** Entries that a server knows without reading its files. */
    private static final int RECENT = 500;

    private static final long NANOS_BETWEEN_COMPLAINTS = 60_000_000_000L;

    /**
     * How much is kept.
     *
     * @param bytes of a file, after which the next one is begun
     * @param files after which the oldest one is removed
     */
    public record Size(int bytes, int files) {
        /** 128 MiB, about 400,000 entries. */
        public static final Size USUAL = new Size(8 << 20, 16);
    }

    private final AuditFiles files;
    private final Size size;
    private final InstantSource clock;
    private final Deque<AuditEntry> recent = new ArrayDeque<>();
    private AuditHead head;
    private Path file;
    private long length;
    /** No channel: that is closed under a thread that is interrupted, as that of a caller who hangs up is. */
    private Optional<RandomAccessFile> writing = Optional.empty();

    private long missing;
    private long complainedAt = System.nanoTime() - NANOS_BETWEEN_COMPLAINTS;

    private AuditLog(AuditFiles files, Size size, InstantSource clock, AuditEnd end) {
        this.files = files;
        this.size = size;
        this.clock = clock;
        head = end.head();
        file = end.file();
        length = end.length();
    }

    /**
     * Goes on with the log in that directory.
     *
     * @throws IOException if the directory cannot be made, or what is in it cannot be read
     */
    public static AuditLog open(Path directory, Size size, InstantSource clock) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        AuditFiles files = new AuditFiles(directory);
        return new AuditLog(files, size, clock, AuditEnd.of(files));
    }

    /** Tells of something. It never fails: what cannot be written is counted. */
    public synchronized void add(Fact fact) {
        try {
            if (missing > 0) {
                write(Fact.own("scc.Audit/Write", missing + " entries could not be written", missing));
                missing = 0;
            }
            write(fact);
        } catch (IOException e) {
            missing++;
            close();
            complain(e);
        }
    }

    private void complain(IOException e) {
        long now = System.nanoTime();
        if (now - complainedAt >= NANOS_BETWEEN_COMPLAINTS) {
            complainedAt = now;
            log.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("missing", missing)
                    .setCause(e)
                    .log("THE AUDIT LOG CANNOT BE WRITTEN; calls go on, and who makes them is not recorded");
        }
    }

    private void write(Fact fact) throws IOException {
        AuditEntry entry = new AuditEntry(head.number() + 1, clock.millis(), fact, head.hash());
        byte[] line = entry.line();
        if (length > 0 && length + line.length > size.bytes()) {
            next();
        }
        byte[] bytes = Arrays.copyOf(line, line.length + 1);
        bytes[line.length] = '\n';
        RandomAccessFile open = writing();
        open.seek(length);
        open.write(bytes);
        length += bytes.length;
        head = new AuditHead(entry.number(), Fingerprint.of(line).hex(), head.oldest(), head.beforeOldest());
        recent.addLast(entry);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    private RandomAccessFile writing() throws IOException {
        if (writing.isEmpty()) {
            if (Files.notExists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
            writing = Optional.of(opened);
            if (opened.length() > length) {
                // Of an entry that was not written to its end.
                opened.setLength(length);
            }
        }
        return writing.get();
    }

    private void next() throws IOException {
        force();
        close();
        file = files.beginningWith(head.number() + 1);
        length = 0;
        List<Path> all = files.all();
        for (Path old : all.subList(0, Math.max(0, all.size() + 1 - size.files()))) {
            // What comes after it begins with its last line's hash.
            Path second = all.get(all.indexOf(old) + 1);
            AuditEntry first = AuditEnd.firstOf(second);
            Files.delete(old);
            head = new AuditHead(head.number(), head.hash(), first.number(), first.before());
        }
    }

    /** Sees to it that what was told is on the disk. */
    public synchronized AuditHead force() throws IOException {
        if (writing.isPresent()) {
            writing.get().getFD().sync();
        }
        return head;
    }

    /** The latest few hundred entries since this server has started, the oldest first. */
    public synchronized List<AuditEntry> recent() {
        return List.copyOf(recent);
    }

    Path directory() {
        return files.directory();
    }

    /** Closes its file; what is told afterwards opens it again. */
    @Override
    public synchronized void close() {
        try {
            if (writing.isPresent()) {
                writing.get().close();
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("file", file).setCause(e).log("audit log not closed");
        } finally {
            writing = Optional.empty();
        }
    }
}
