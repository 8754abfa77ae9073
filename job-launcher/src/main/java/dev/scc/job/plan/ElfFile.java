package dev.scc.job.plan;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads which shared libraries an executable asks for: the {@code DT_NEEDED} entries of its dynamic section (System V ABI,
 * chapters 4 and 5; 64-bit, little endian).
 */
final class ElfFile {
    private static final int MAGIC = 0x464C457F;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final int LONGEST_NAME = 1_024;
    /** More than any program has; a damaged table may claim thousands, each with a name to be read. */
    private static final int MOST_NAMES = 1_024;

    private static final int LARGEST_TABLE = 1 << 20;

    private record Segment(int type, long offset, long address, long size) {}

    private final FileChannel file;
    private final List<Segment> segments = new ArrayList<>();

    private ElfFile(FileChannel file) {
        this.file = file;
    }

    /**
     * The names in the order of the file, such as {@code libmpi.so.40}; none for a static executable. Empty if it is no
     * such file at all: a script, another architecture, damaged.
     *
     * @throws IOException if the file cannot be read
     */
    static Optional<List<String>> needed(ProgramFiles files, Path path) throws IOException {
        try (FileChannel file = files.open(path)) {
            return new ElfFile(file).needed();
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    /**
     * The program that loads its libraries and starts it, such as {@code /lib64/ld-linux-x86-64.so.2}; empty if it has none.
     *
     * @throws IOException if the file cannot be read
     */
    static Optional<String> interpreter(ProgramFiles files, Path path) throws IOException {
        try (FileChannel file = files.open(path)) {
            ElfFile program = new ElfFile(file);
            if (!program.begins()) {
                return Optional.empty();
            }
            for (Segment segment : program.segments) {
                if (segment.type == PT_INTERP) {
                    return Optional.of(program.string(segment.offset));
                }
            }
            return Optional.empty();
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    /** Reads where its segments are. False if it is no such file. */
    private boolean begins() throws IOException {
        ByteBuffer head = read(0, 64);
        if (head.getInt(0) != MAGIC || head.get(4) != CLASS_64 || head.get(5) != LITTLE_ENDIAN) {
            return false;
        }
        readSegments(head.getLong(32), Short.toUnsignedInt(head.getShort(54)), Short.toUnsignedInt(head.getShort(56)));
        return true;
    }

    private Optional<List<String>> needed() throws IOException {
        if (!begins()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type == PT_DYNAMIC) {
                names.addAll(neededIn(read(segment.offset, size(segment.size))));
            }
        }
        return Optional.of(names);
    }

    private void readSegments(long offset, int entrySize, int count) throws IOException {
        ByteBuffer table = read(offset, size((long) entrySize * count));
        for (int i = 0; i < count && entrySize >= 56; i++) {
            int at = i * entrySize;
            segments.add(new Segment(
                    table.getInt(at), table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32)));
        }
    }

    private List<String> neededIn(ByteBuffer dynamic) throws IOException {
        List<Long> offsets = new ArrayList<>();
        long strings = 0;
        while (dynamic.remaining() >= 16) {
            long tag = dynamic.getLong();
            long value = dynamic.getLong();
            if (tag == DT_NULL) {
                break;
            }
            if (tag == DT_NEEDED && offsets.size() == MOST_NAMES) {
                throw new EOFException("more than " + MOST_NAMES + " libraries are not believable");
            }
            if (tag == DT_NEEDED) {
                offsets.add(value);
            }
            if (tag == DT_STRTAB) {
                strings = value;
            }
        }
        List<String> names = new ArrayList<>();
        for (long offset : offsets) {
            names.add(string(fileOffset(strings + offset)));
        }
        return names;
    }

    /** Where the bytes are that will be at {@code address} when the file is loaded. */
    private long fileOffset(long address) throws EOFException {
        for (Segment segment : segments) {
            if (segment.type == PT_LOAD && address >= segment.address && address - segment.address < segment.size) {
                return segment.offset + address - segment.address;
            }
        }
        throw new EOFException("no loaded segment holds address " + address);
    }

    private String string(long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_NAME);
        file.read(bytes, position(offset));
        bytes.flip();
        int length = 0;
        while (length < bytes.limit() && bytes.get(length) != 0) {
            length++;
        }
        return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
    }

    private static int size(long size) throws EOFException {
        if (size < 0 || size > LARGEST_TABLE) {
            throw new EOFException("a table of " + size + " bytes is not believable");
        }
        return (int) size;
    }

    private static long position(long offset) throws EOFException {
        if (offset < 0) {
            throw new EOFException("an offset of " + offset + " is not believable");
        }
        return offset;
    }

    private ByteBuffer read(long offset, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        long start = position(offset);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, start + bytes.position()) < 0) {
                throw new EOFException("the file ends before " + (offset + size));
            }
        }
        return bytes.flip();
    }
}
