package dev.scc.fabric.verbs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What the two sides of a probe send each other by SEND. On the wire: the three bytes {@code scc}, one digit for the
 * protocol's version, one byte for the kind, then the fields in order, big-endian, text in modified UTF-8 with its length
 * before it. Sides of different versions refuse each other with the reason.
 */
sealed interface Message {
    /** No message is longer, in bytes. */
    int MAX = 1024;

    int MAGIC = 0x73636331;

    /**
     * Opens a probe, from the active side.
     *
     * @param round from 0
     * @param seed of the bytes to be written; {@code ~seed} gives those to be read
     */
    record Hello(String session, int round, String active, String passive, int vlan, long seed) implements Message {}

    /** Accepts a probe: where to write to and read from, and the passive side's packet counters before it. */
    record Welcome(long writeTo, long readFrom, int key, long sent, long received) implements Message {}

    /** Turns a probe away. */
    record Refused(String why) implements Message {}

    /** To be sent back as it is. */
    record Ping(int number) implements Message {}

    /** Everything has been written: compare. */
    record Compare() implements Message {}

    /** What the comparison found: empty if all is well. */
    record Compared(String difference) implements Message {}

    /** The active side is through. */
    record Done() implements Message {}

    /** The passive side's packet counters after the probe. */
    record Counted(long sent, long received) implements Message {}

    static byte[] encode(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            switch (message) {
                case Hello hello -> {
                    out.writeByte(1);
                    out.writeUTF(hello.session);
                    out.writeInt(hello.round);
                    out.writeUTF(hello.active);
                    out.writeUTF(hello.passive);
                    out.writeInt(hello.vlan);
                    out.writeLong(hello.seed);
                }
                case Welcome welcome -> {
                    out.writeByte(2);
                    out.writeLong(welcome.writeTo);
                    out.writeLong(welcome.readFrom);
                    out.writeInt(welcome.key);
                    out.writeLong(welcome.sent);
                    out.writeLong(welcome.received);
                }
                case Refused refused -> {
                    out.writeByte(3);
                    out.writeUTF(shortened(refused.why));
                }
                case Ping ping -> {
                    out.writeByte(4);
                    out.writeInt(ping.number);
                }
                case Compare ignored -> out.writeByte(5);
                case Compared compared -> {
                    out.writeByte(6);
                    out.writeUTF(shortened(compared.difference));
                }
                case Done ignored -> out.writeByte(7);
                case Counted counted -> {
                    out.writeByte(8);
                    out.writeLong(counted.sent);
                    out.writeLong(counted.received);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        if (bytes.size() > MAX) {
            throw new IllegalArgumentException("probe message of " + bytes.size() + " bytes is longer than " + MAX);
        }
        return bytes.toByteArray();
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) : text;
    }

    /** Messages of a prober that speaks another version of this. */
    final class OtherVersion extends IOException {
        private static final long serialVersionUID = 1L;

        OtherVersion(int theirs) {
            super(
                    "the other side speaks version %c of the probes' protocol, this one version %c: install the same scc on both"
                            .formatted(theirs, MAGIC & 0xff));
        }
    }

    /**
     * @throws OtherVersion if it is of another version
     * @throws IOException if these bytes are no message
     */
    static Message decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int magic = in.readInt();
            if (magic >>> 8 == MAGIC >>> 8 && magic != MAGIC) {
                throw new OtherVersion(magic & 0xff);
            }
            if (magic != MAGIC) {
                throw new IOException("not a message of scc's probes");
            }
            int kind = in.readByte();
            return switch (kind) {
                case 1 ->
                    new Hello(in.readUTF(), in.readInt(), in.readUTF(), in.readUTF(), in.readInt(), in.readLong());
                case 2 -> new Welcome(in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readLong());
                case 3 -> new Refused(in.readUTF());
                case 4 -> new Ping(in.readInt());
                case 5 -> new Compare();
                case 6 -> new Compared(in.readUTF());
                case 7 -> new Done();
                case 8 -> new Counted(in.readLong(), in.readLong());
                default -> throw new IOException("probe message of unknown kind " + kind);
            };
        }
    }
}
