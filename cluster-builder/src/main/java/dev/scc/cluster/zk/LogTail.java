package dev.scc.cluster.zk;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.Adler32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a power loss leaves at the end of ZooKeeper's last transaction log: what was being written just then. ZooKeeper says
 * that a transaction succeeded only when its record is on disk, so a record that is not whole, with nothing after it, was
 * promised to nobody, and what stands in the way of a start can go. Damage anywhere else is another's doing (the disk's), and
 * is refused with the file's name, because what went with it was promised.
 *
 * <p>The form, from ZooKeeper's {@code FileTxnLog}: 16 bytes of header, then for each transaction a check sum (8 bytes), a
 * length (4), so many bytes, and {@code B}; zeros to the end.
 */
final class LogTail {
    private static final Logger log = LoggerFactory.getLogger(LogTail.class);
    private static final String FOLDER = "version-2";
    private static final String PREFIX = "log.";
    private static final int HEADER = 16;
    private static final int BEFORE_RECORD = 12;
    private static final int LONGEST_RECORD = 64 << 20;

    /** What the end of a log is like. */
    sealed interface Condition {}

    /** ZooKeeper reads it as it is. */
    record Whole() implements Condition {}

    /** It holds nothing, not even a whole header, over which ZooKeeper stumbles. */
    record OnlyBegun() implements Condition {}

    /** From that byte on there is one record that is not whole, and nothing after it. */
    record Torn(long from) implements Condition {}

    /** At that byte there is a record that is not whole, and something after it. */
    record Damaged(long at) implements Condition {}

    private LogTail() {}

    /**
     * Takes what was never promised out of the way; a copy stays beside ZooKeeper's files, in {@code damaged}.
     *
     * @param data of a ZooKeeper server that does not run
     * @throws IOException if it is damaged in another way; the message names the file, and the way out
     */
    static void mend(Path data) throws IOException {
        for (Path last : logs(data.resolve(FOLDER)).reversed()) {
            switch (condition(last)) {
                case OnlyBegun _ -> dropBegun(data, last);
                case Whole _ -> {
                    return;
                }
                case Torn(long from) -> {
                    dropTail(data, last, from);
                    return;
                }
                case Damaged(long at) -> throw new IOException(told(data, last, at));
            }
        }
    }

    private static void dropBegun(Path data, Path file) throws IOException {
        Path kept = keep(data, file);
        Files.delete(file);
        log.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("kept", kept)
                .log("a transaction log had only been begun when the power failed; nothing was in it");
    }

    private static void dropTail(Path data, Path file, long from) throws IOException {
        Path kept = keep(data, file);
        try (FileChannel tail = FileChannel.open(file, StandardOpenOption.WRITE)) {
            tail.truncate(from);
            tail.force(true);
        }
        log.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("kept", kept)
                .log("the last transaction was half written when the power failed; nobody was told that it succeeded,"
                        + " and it is dropped");
    }

    /** What ZooKeeper's complaint about its data is about, if it is one of its logs; and the way out. */
    static String explain(Path data, Exception complaint) {
        String words = complaint.getMessage() == null ? complaint.toString() : complaint.getMessage();
        try {
            for (Path each : logs(data.resolve(FOLDER))) {
                if (condition(each) instanceof Damaged(long at)) {
                    return told(data, each, at);
                }
            }
        } catch (IOException e) {
            complaint.addSuppressed(e);
        }
        return "ZooKeeper cannot use its data in " + data + ": " + words + "; " + wayOut(data);
    }

    private static String told(Path data, Path file, long at) {
        return "ZooKeeper's transaction log " + file + " is damaged at byte " + at
                + ", with transactions after it that clients were told had succeeded; " + wayOut(data);
    }

    private static String wayOut(Path data) {
        return "put a backup of " + data + " there; or, if this server has peers that run, move " + data
                + " away: it gets everything from them";
    }

    /** In the order in which they were written: by the number of their first transaction. */
    private static List<Path> logs(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> first(file).isPresent())
                    .sorted(Comparator.comparing(file -> first(file).orElseThrow(), Long::compareUnsigned))
                    .toList();
        }
    }

    private static Optional<Long> first(Path file) {
        String name = file.getFileName().toString();
        if (!name.matches("log\\.[0-9a-f]{1,16}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseUnsignedLong(name.substring(PREFIX.length()), 16));
    }

    private static Path keep(Path data, Path file) throws IOException {
        Path folder = Files.createDirectories(data.resolve("damaged"));
        Path kept = folder.resolve(
                file.getFileName() + "." + Instant.now().toString().replace(':', '-'));
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel copy = FileChannel.open(kept, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
        return kept;
    }

    static Condition condition(Path file) throws IOException {
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            long size = input.length();
            if (size < HEADER) {
                return new OnlyBegun();
            }
            long at = HEADER;
            while (at + BEFORE_RECORD <= size) {
                input.seek(at);
                long sum = input.readLong();
                int length = input.readInt();
                if (length == 0) {
                    return new Whole(); // The zeros that it was made long with.
                }
                long end = at + BEFORE_RECORD + length + 1;
                if (length < 0 || length > LONGEST_RECORD) {
                    return onlyZerosFrom(input, at + BEFORE_RECORD) ? new Torn(at) : new Damaged(at);
                }
                if (end > size) {
                    return new Whole(); // Cut: that, ZooKeeper takes for the end.
                }
                byte[] record = new byte[length];
                input.readFully(record);
                Adler32 check = new Adler32();
                check.update(record);
                if (input.readByte() != 'B' || check.getValue() != sum) {
                    return onlyZerosFrom(input, end) ? new Torn(at) : new Damaged(at);
                }
                at = end;
            }
            return new Whole();
        } catch (EOFException e) {
            throw new IOException(file + " became shorter while it was read", e);
        }
    }

    private static boolean onlyZerosFrom(RandomAccessFile input, long from) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(1 << 16);
        FileChannel file = input.getChannel();
        for (long at = from; at < file.size(); at += block.position()) {
            block.clear();
            if (file.read(block, at) < 0) {
                break;
            }
            for (int i = 0; i < block.position(); i++) {
                if (block.get(i) != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
