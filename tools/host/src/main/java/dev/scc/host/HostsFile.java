package dev.scc.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A file of host names (hosts(5)) in which some lines are ours, between two that say so. All others are left as they are, byte by
 * byte, and once ours have gone the file is what it was; one that had nothing else goes with them. Not thread-safe.
 *
 * @param mark whose lines they are; several may have some in one file
 * @param inPlace whether the file itself is written: it may be mounted elsewhere, where another of that name is not seen. Else it is
 *     replaced at once, if that is possible
 */
public record HostsFile(Path file, String mark, boolean inPlace) {
    private static final int ATTEMPTS = 20;
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String BEGIN = "# scc keeps the lines from here on: ";
    private static final String BEGIN_AFTER_NO_END = "# scc keeps the lines from here on, after one without an end: ";
    private static final String END = "# scc keeps the lines up to here: ";

    /**
     * Has the file hold these lines of ours, and no others; changes nothing if it does.
     *
     * @param lines each with its end; empty for none
     * @return whether anything was changed
     */
    public boolean keep(String lines) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String there = read();
            if (holds(lines, there)) {
                return false;
            }
            String next = with(lines, there);
            if (next.isEmpty()) {
                Files.deleteIfExists(file);
                return true;
            }
            Replaced replaced = inPlace ? Replaced.IMPOSSIBLE : replaced(there, next.getBytes(ISO_8859_1));
            if (replaced == Replaced.DONE) {
                return true;
            }
            if (replaced == Replaced.IMPOSSIBLE) {
                writeInPlace(next.getBytes(ISO_8859_1));
                return true;
            }
            if (attempt == ATTEMPTS) {
                throw new IOException(file + " is being changed by others all the time");
            }
        }
    }

    private void writeInPlace(byte[] bytes) throws IOException {
        Files.createDirectories(parent());
        // What shows a file that is mounted elsewhere shows this one, so readers may meet it half written.
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            write(channel, bytes);
            channel.truncate(bytes.length);
        }
    }

    /** Whether there are lines of ours. */
    public boolean isKept() throws IOException {
        return !holds("", read());
    }

    private String read() throws IOException {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private Path parent() {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is not a file's path");
        }
        return parent;
    }

    private enum Replaced {
        DONE,
        /** Somebody else has changed it meanwhile. */
        OUTDATED,
        /** Another file cannot take its place: one that is mounted there, or a directory that cannot be written. */
        IMPOSSIBLE
    }

    /**
     * Has another file take its place, unless somebody else has changed it.
     *
     * @param there what was read
     * @throws IOException if what is to be there cannot be written at all, as on a full disk; nothing is changed then
     */
    private Replaced replaced(String there, byte[] bytes) throws IOException {
        Path real = Files.exists(file) ? file.toRealPath() : file;
        Path next;
        try {
            removeThoseOfTheDead(real);
            // Another process may be at it, too.
            next = Files.createFile(real.resolveSibling(
                    temporary(real) + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet()));
        } catch (IOException e) {
            return Replaced.IMPOSSIBLE;
        }
        try {
            try (FileChannel channel = FileChannel.open(next, Set.of(StandardOpenOption.WRITE))) {
                write(channel, bytes);
                channel.force(true);
            }
            if (Files.exists(real)) {
                Files.setOwner(next, Files.getOwner(real, LinkOption.NOFOLLOW_LINKS));
                Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(real));
            }
            if (!read().equals(there)) {
                return Replaced.OUTDATED;
            }
            return moved(next, real) ? Replaced.DONE : Replaced.IMPOSSIBLE;
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static String temporary(Path real) {
        return "." + real.getFileName() + ".scc-";
    }

    /** Whoever was killed while it wrote has left its file behind. */
    private static void removeThoseOfTheDead(Path real) throws IOException {
        String temporary = temporary(real);
        List<Path> left;
        try (Stream<Path> files = Files.list(real.resolveSibling("."))) {
            left = files.filter(one -> one.getFileName().toString().startsWith(temporary))
                    .toList();
        }
        for (Path one : left) {
            String pid =
                    one.getFileName().toString().substring(temporary.length()).replaceFirst("-.*", "");
            if (!pid.matches("[0-9]{1,9}")
                    || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static boolean moved(Path next, Path real) {
        try {
            Files.move(next, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** Wherever they stand: two who each want to be the last would never rest. */
    private boolean holds(String lines, String text) {
        return lines.isEmpty()
                ? lineOf(BEGIN + mark + "\n", text, 0) < 0 && lineOf(BEGIN_AFTER_NO_END + mark + "\n", text, 0) < 0
                : lineOf(BEGIN + block(lines), text, 0) >= 0 || lineOf(BEGIN_AFTER_NO_END + block(lines), text, 0) >= 0;
    }

    private String block(String lines) {
        return mark + "\n" + lines + END + mark + "\n";
    }

    /** The text with these lines of ours in place of others of ours, at its end. */
    String with(String lines, String text) {
        String others = without(text);
        if (lines.isEmpty()) {
            return others;
        }
        boolean ended = others.isEmpty() || others.endsWith("\n");
        return others + (ended ? BEGIN : "\n" + BEGIN_AFTER_NO_END) + block(lines);
    }

    private String without(String text) {
        String rest = text;
        while (true) {
            int begin = lineOf(BEGIN + mark + "\n", rest, 0);
            int unended = lineOf(BEGIN_AFTER_NO_END + mark + "\n", rest, 0);
            int from = begin >= 0 && (unended < 0 || begin < unended) ? begin : unended;
            if (from < 0) {
                return rest;
            }
            String last = END + mark + "\n";
            int end = lineOf(last, rest, from);
            // Somebody has taken the end away: what follows may be his.
            int after = end < 0 ? rest.indexOf('\n', from) + 1 : end + last.length();
            rest = from == unended && from > 0
                    ? rest.substring(0, from - 1) + next(rest.substring(after))
                    : rest.substring(0, from) + rest.substring(after);
        }
    }

    /** What follows a line without an end: others' lines of the same kind as ours know of it now, foreign ones end it. */
    private static String next(String rest) {
        if (rest.startsWith(BEGIN)) {
            return "\n" + BEGIN_AFTER_NO_END + rest.substring(BEGIN.length());
        }
        return rest.isEmpty() ? "" : "\n" + rest;
    }

    private static int lineOf(String line, String text, int from) {
        int at = text.indexOf(line, from);
        while (at > 0 && text.charAt(at - 1) != '\n') {
            at = text.indexOf(line, at + 1);
        }
        return at;
    }
}
