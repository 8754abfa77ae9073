package dev.scc.job.files;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes files of a stream that {@link FileSelection} has written, or that somebody hostile has: nothing is made or changed
 * outside of the folder, no link is followed, nothing that is there is written to, and no file gets another's rights.
 */
public final class FileUnpacker {
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    /** Its owner is to remove what is in a folder. */
    private static final int OWNERS = 0700;

    private final DataInputStream in;
    private final Path root;
    private final long most;
    /** Only what this stream has made is gone through: what is a link, or was there before, is no way to anywhere. */
    private final Set<String> folders = new HashSet<>(Set.of(""));

    private final Map<Path, Integer> modes = new LinkedHashMap<>();
    private long bytes;
    private int entries;
    private int pathBytes;

    private FileUnpacker(DataInputStream in, Path root, long most) {
        this.in = in;
        this.root = root;
        this.most = most;
    }

    /**
     * Reads the stream to the end that it says itself, and makes all of it below the folder.
     *
     * @param root a folder that is there, and that only its owner writes to
     * @param most how many bytes its files may have together
     * @return how many files, folders and links there are
     * @throws IOException if it is cut off, damaged, larger, or hostile; what has been made by then stays
     */
    public static int unpack(InputStream from, Path root, long most) throws IOException {
        MessageDigest digest = digest();
        FileUnpacker unpacker = new FileUnpacker(new DataInputStream(new DigestInputStream(from, digest)), root, most);
        unpacker.readAll();
        byte[] told = from.readNBytes(digest.getDigestLength());
        if (!MessageDigest.isEqual(told, digest.digest())) {
            throw new IOException("what has arrived is not what was sent: its checksum differs");
        }
        for (Map.Entry<Path, Integer> folder : unpacker.modes.entrySet()) {
            setMode(folder.getKey(), folder.getValue());
        }
        return unpacker.entries;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    private void readAll() throws IOException {
        try {
            for (int kind = in.readUnsignedByte(); kind != FileEntry.END; kind = in.readUnsignedByte()) {
                if (++entries > FileLimits.ENTRIES) {
                    throw new IOException("there are more than " + FileLimits.ENTRIES + " files");
                }
                one(kind);
            }
        } catch (EOFException e) {
            throw new IOException("what has arrived ends in its middle", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e); // A path, a target.
        }
    }

    private void one(int kind) throws IOException {
        String path = FileEntry.checkedPath(text());
        int slash = path.lastIndexOf('/');
        if (!folders.contains(slash < 0 ? "" : path.substring(0, slash))) {
            throw new IOException(path + " is in no folder that came before it");
        }
        Path file;
        try {
            file = root.resolve(path);
        } catch (InvalidPathException e) {
            throw new IOException("a file cannot have the name " + path + " here", e);
        }
        switch (kind) {
            case FileEntry.DIRECTORY -> {
                modes.put(file, (in.readUnsignedShort() & FileEntry.MODE) | OWNERS);
                Files.createDirectory(file);
                folders.add(path);
            }
            case FileEntry.FILE -> content(path, file);
            case FileEntry.LINK ->
                Files.createSymbolicLink(file, root.getFileSystem().getPath(FileEntry.checkedTarget(path, text())));
            default -> throw new IOException(path + " is of a kind that is not copied");
        }
    }

    private void content(String path, Path file) throws IOException {
        int mode = in.readUnsignedShort() & FileEntry.MODE;
        long size = in.readLong();
        if (size < 0 || size > most - bytes) {
            throw new IOException(path + " with " + size + " bytes makes it more than the " + most + " that were said");
        }
        bytes += size;
        byte[] buffer = new byte[PieceOutput.PIECE];
        try (OutputStream out = Files.newOutputStream(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            for (long left = size; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException(path);
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
        setMode(file, mode);
    }

    private static void setMode(Path file, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(BITS[bit]);
            }
        }
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setPermissions(permissions);
    }

    private String text() throws IOException {
        byte[] text = new byte[in.readUnsignedShort()];
        pathBytes += text.length;
        if (pathBytes > FileLimits.PATH_BYTES) {
            throw new IOException("the paths of its files have more than " + FileLimits.PATH_BYTES + " bytes together");
        }
        in.readFully(text);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("a path is no text", e);
        }
    }
}
