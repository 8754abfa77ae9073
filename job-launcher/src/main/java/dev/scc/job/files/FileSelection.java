package dev.scc.job.files;

import dev.scc.job.PathPattern;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files and folders that are to be copied, parents first, as they were when they were looked at. */
public final class FileSelection {

    /** Opens a file to read it. */
    @FunctionalInterface
    public interface Opening {
        FileChannel open(Path file) throws IOException;
    }

    private final List<FileEntry> entries;
    private final long bytes;

    private FileSelection(List<FileEntry> entries) {
        this.entries = List.copyOf(entries);
        bytes = entries.stream()
                .mapToLong(entry -> entry instanceof FileEntry.Content file ? file.bytes() : 0)
                .sum();
    }

    /**
     * All that is in a folder, or one file. Links are copied as such, and lead nowhere outside.
     *
     * @throws IOException if there is something else, or more than may be copied; the message says what to do
     */
    public static FileSelection all(Path path) throws IOException {
        Path real = path.toRealPath();
        Found found = new Found(path);
        if (!Files.isDirectory(real)) {
            // Under the name by which it was given, also where that is a link's.
            String name = name(path);
            found.add(entry(name, real, Files.readAttributes(real, BasicFileAttributes.class)));
            return found.checked();
        }
        walk(real, new Finder() {
            @Override
            public void directory(String name, Path file) throws IOException {
                found.add(new FileEntry.Directory(name, mode(file)));
            }

            @Override
            public void other(String name, Path file, BasicFileAttributes attributes) throws IOException {
                found.add(entry(name, file, attributes));
            }
        });
        return found.checked();
    }

    /**
     * Regular files below a folder whose relative paths match one of the patterns, with the folders that they are in. Links
     * are not followed, and not copied.
     *
     * @param globs see {@link PathPattern}
     */
    public static FileSelection matching(Path root, List<String> globs) throws IOException {
        List<PathPattern> patterns = globs.stream().map(PathPattern::of).toList();
        Found found = new Found(root);
        walk(root, new Finder() {
            @Override
            public void directory(String name, Path file) {
                // Only those that have something in them.
            }

            @Override
            public void other(String name, Path file, BasicFileAttributes attributes) throws IOException {
                Path relative = root.relativize(file);
                if (!attributes.isRegularFile() || patterns.stream().noneMatch(each -> each.matches(name))) {
                    return;
                }
                for (int depth = 1; depth < relative.getNameCount(); depth++) {
                    Path folder = relative.subpath(0, depth);
                    found.add(new FileEntry.Directory(folder.toString(), mode(root.resolve(folder))));
                }
                found.add(entry(name, file, attributes));
            }
        });
        return found.checked();
    }

    private static String name(Path file) throws IOException {
        Path name = file.getFileName();
        if (name == null) {
            throw new NoSuchFileException(file.toString());
        }
        return name.toString();
    }

    /** What there is so far: not more than may be copied. */
    private static final class Found {
        private final Path path;
        private final Map<String, FileEntry> entries = new LinkedHashMap<>();
        private int pathBytes;

        Found(Path path) {
            this.path = path;
        }

        void add(FileEntry entry) throws IOException {
            if (entries.put(entry.path(), entry) != null) {
                return; // A folder, once more.
            }
            pathBytes += FileLimits.bytes(entry.path())
                    + (entry instanceof FileEntry.Link link ? FileLimits.bytes(link.target()) : 0);
            if (entries.size() > FileLimits.ENTRIES) {
                throw tooMany(FileLimits.ENTRIES + " files and folders");
            }
            if (pathBytes > FileLimits.PATH_BYTES) {
                throw tooMany(FileLimits.PATH_BYTES + " bytes in the paths of its files");
            }
        }

        private IOException tooMany(String what) {
            return new IOException(path + " has more than " + what
                    + "; put them into one file, or on a file system that the nodes share");
        }

        FileSelection checked() throws IOException {
            FileSelection selection = new FileSelection(List.copyOf(entries.values()));
            if (selection.bytes > FileLimits.BYTES) {
                throw new IOException(path + " has " + selection.bytes + " bytes, and " + FileLimits.BYTES
                        + " may be copied; have a file system that the nodes share for what is larger");
            }
            return selection;
        }
    }

    /** Hears of what is found. */
    private interface Finder {
        void directory(String name, Path file) throws IOException;

        void other(String name, Path file, BasicFileAttributes attributes) throws IOException;
    }

    private static void walk(Path root, Finder finder) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (!directory.equals(root)) {
                    finder.directory(root.relativize(directory).toString(), directory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("the files are not wanted any more");
                }
                finder.other(root.relativize(file).toString(), file, attributes);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileEntry entry(String name, Path file, BasicFileAttributes attributes) throws IOException {
        try {
            FileEntry.checkedPath(name);
            if (attributes.isSymbolicLink()) {
                String target = Files.readSymbolicLink(file).toString();
                return new FileEntry.Link(name, FileEntry.checkedTarget(name, target));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (!attributes.isRegularFile()) {
            throw new IOException(file + " is neither a file nor a folder nor a link, and cannot be copied");
        }
        return new FileEntry.Content(name, mode(file), attributes.size(), file);
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FileEntry.MODE;
    }

    /** In all files together. */
    public long bytes() {
        return bytes;
    }

    /** How many files, folders and links. */
    public int count() {
        return entries.size();
    }

    /**
     * Writes all of it, and a checksum.
     *
     * @throws IOException if a file cannot be read, or is shorter than it was
     */
    public void write(OutputStream to, Opening opening) throws IOException {
        MessageDigest digest = FileUnpacker.digest();
        DataOutputStream out = new DataOutputStream(new DigestOutputStream(to, digest));
        for (FileEntry entry : entries) {
            switch (entry) {
                case FileEntry.Directory directory -> {
                    head(out, FileEntry.DIRECTORY, entry.path());
                    out.writeShort(directory.mode());
                }
                case FileEntry.Link link -> {
                    head(out, FileEntry.LINK, entry.path());
                    text(out, link.target());
                }
                case FileEntry.Content file -> {
                    head(out, FileEntry.FILE, entry.path());
                    out.writeShort(file.mode());
                    out.writeLong(file.bytes());
                    copy(file, out, opening);
                }
            }
        }
        out.writeByte(FileEntry.END);
        out.flush();
        to.write(digest.digest());
        to.flush();
    }

    private static void head(DataOutputStream out, int kind, String path) throws IOException {
        out.writeByte(kind);
        text(out, path);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void copy(FileEntry.Content file, OutputStream out, Opening opening) throws IOException {
        byte[] buffer = new byte[PieceOutput.PIECE];
        long left = file.bytes();
        try (FileChannel channel = opening.open(file.from());
                InputStream in = Channels.newInputStream(channel)) {
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException(file.from() + " became shorter while it was copied");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        entries.forEach(entry -> names.add(entry.path()));
        return String.join(", ", names);
    }
}
