package dev.scc.host.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Attributes of netlink, one after the other, as they are sent: each begins at a multiple of 4 bytes. Not thread-safe. */
final class AttributeBytes {
    private static final int NLA_F_NESTED = 0x8000;
    private static final int LONGEST = 4096;
    private static final int HEADER = 4;

    private final ByteBuffer bytes = ByteBuffer.allocate(LONGEST).order(ByteOrder.nativeOrder());

    AttributeBytes with(int type, byte[] value) {
        bytes.putShort((short) (HEADER + value.length)).putShort((short) type).put(value);
        while (bytes.position() % HEADER != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    AttributeBytes with(int type, String text) {
        return with(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** A number of 32 bits in the machine's byte order. */
    AttributeBytes withInt(int type, int number) {
        return with(
                type,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(number)
                        .array());
    }

    /** A number of 16 bits in the machine's byte order. */
    AttributeBytes withShort(int type, int number) {
        return with(
                type,
                ByteBuffer.allocate(Short.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) number)
                        .array());
    }

    /** One that consists of attributes. */
    AttributeBytes with(int type, AttributeBytes inner) {
        return with(type | NLA_F_NESTED, inner.array());
    }

    byte[] array() {
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }
}
