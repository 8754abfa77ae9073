package dev.scc.testbed;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a cpio archive in the "newc" form that the kernel reads as an initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Everything belongs to root.
 */
final class CpioWriter {
    private static final int DIRECTORY = 0040000;
    private static final int FILE = 0100000;
    private static final String TRAILER = "TRAILER!!!";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode;

    void directory(String path) {
        entry(path, DIRECTORY | 0755, new byte[0]);
    }

    /** For root alone. */
    void secretDirectory(String path) {
        entry(path, DIRECTORY | 0700, new byte[0]);
    }

    void file(String path, byte[] content) {
        entry(path, FILE | 0644, content);
    }

    void file(String path, String content) {
        file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** For root alone. */
    void secret(String path, String content) {
        entry(path, FILE | 0600, content.getBytes(StandardCharsets.UTF_8));
    }

    void program(String path, byte[] content) {
        entry(path, FILE | 0755, content);
    }

    /** The archive so far with its end. The kernel reads several archives one after the other, so another may follow. */
    byte[] finish() {
        entry(TRAILER, 0, new byte[0]);
        return out.toByteArray();
    }

    private void entry(String path, int mode, byte[] content) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        int links = mode == 0 ? 1 : (mode & DIRECTORY) != 0 ? 2 : 1;
        String header = String.format(
                "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
                mode == 0 ? 0 : ++inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length + 1, 0);
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(name);
        out.write(0);
        pad();
        out.writeBytes(content);
        pad();
    }

    private void pad() {
        while (out.size() % 4 != 0) {
            out.write(0);
        }
    }
}
