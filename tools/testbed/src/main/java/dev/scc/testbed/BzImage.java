package dev.scc.testbed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * A self-extracting x86 kernel (Documentation/arch/x86/boot.rst). Under emulation it extracts itself in seconds; what is in
 * it boots as it is, through the PVH entry that QEMU knows.
 */
final class BzImage {
    private static final int SETUP_SECTORS = 0x1f1;
    private static final int MAGIC = 0x202;
    private static final int HDRS = 0x53726448;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int SECTOR = 512;
    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    private BzImage() {}

    /** The kernel as an xz stream; empty if this is no such image or it is compressed in another way. */
    static Optional<byte[]> xzPayload(byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < PAYLOAD_LENGTH + 4 || header.getInt(MAGIC) != HDRS) {
            return Optional.empty();
        }
        int begin = (Byte.toUnsignedInt(image[SETUP_SECTORS]) + 1) * SECTOR + header.getInt(PAYLOAD_OFFSET);
        // The build appends the extracted size, which is no part of the stream.
        int end = begin + header.getInt(PAYLOAD_LENGTH) - 4;
        if (begin < 0 || end > image.length || begin + XZ.length > end) {
            return Optional.empty();
        }
        byte[] payload = Arrays.copyOfRange(image, begin, end);
        return Arrays.equals(payload, 0, XZ.length, XZ, 0, XZ.length) ? Optional.of(payload) : Optional.empty();
    }
}
