package dev.scc.cluster.rpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes as a component of a message: compared by content, written to CBOR as a byte string. Never changes. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of {@code content}. */
    public static Bytes of(byte[] content) {
        return new Bytes(content.clone());
    }

    /** {@code content} itself, which nobody may change from now on. */
    @JsonCreator
    public static Bytes owning(byte[] content) {
        return new Bytes(content);
    }

    /** A copy of the {@code length} bytes from {@code offset} on. */
    public static Bytes of(byte[] content, int offset, int length) {
        return new Bytes(Arrays.copyOfRange(content, offset, offset + length));
    }

    /** A copy of the content. */
    public byte[] toArray() {
        return content.clone();
    }

    /** For those who only read it. */
    @JsonValue
    byte[] content() {
        return content;
    }

    /** A view that cannot be written to, from the first byte to the last. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    public int length() {
        return content.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
