package dev.scc.host.net;

import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.NetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Asks the kernel for whole tables over netlink (RFC 3549, netlink(7)), and tells it what has no program that would. */
final class Netlink implements AutoCloseable {
    // From Linux's netlink.h.
    private static final short NLM_F_REQUEST = 1;
    private static final short NLM_F_ACK = 4;
    private static final short NLM_F_DUMP = 0x300;
    private static final short NLM_F_DUMP_INTR = 0x10;
    private static final short NLMSG_ERROR = 2;
    private static final short NLMSG_DONE = 3;
    private static final int HEADER = 16;
    private static final int TYPE_MASK = 0x3fff;

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int TRIES = 10;

    private final NetlinkSocket socket;
    private int sequence;

    private Netlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** In the calling thread's namespace; {@code protocol} is one of {@link NetlinkSocket}'s. */
    static Netlink open(int protocol) throws LibcFailed {
        return new Netlink(NetlinkSocket.open(protocol, LONGEST));
    }

    /**
     * One entry of a table.
     *
     * @param head the structure at its beginning, in the machine's byte order
     * @param attributes by type; of several with one type, the last
     */
    record Entry(ByteBuffer head, Map<Integer, ByteBuffer> attributes) {
        Entry {
            attributes = Map.copyOf(attributes);
        }

        Optional<ByteBuffer> attribute(int type) {
            return Optional.ofNullable(attributes.get(type));
        }

        Optional<String> text(int type) {
            return attribute(type).map(Netlink::text);
        }

        /** A number of 32 bits in the machine's byte order; 0 if there is none. */
        int number(int type) {
            return attribute(type).map(bytes -> bytes.getInt(0)).orElse(0);
        }
    }

    /**
     * All entries of a table, as they were at one instant: where the kernel says that it changed meanwhile, it is read anew.
     *
     * @param request the structure that the question begins with, which has the same length in the answers
     */
    List<Entry> dump(int type, byte[] request) throws IOException {
        return dump(type, request, request.length);
    }

    /** The same, where the structure in the answers has another length, in bytes. */
    List<Entry> dump(int type, byte[] request, int head) throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<List<Entry>> entries = once(type, request, head);
            if (entries.isPresent()) {
                return entries.get();
            }
        }
        throw new IOException("the kernel's table " + type + " changed " + TRIES + " times while it was read");
    }

    /**
     * The answer to one question; empty where the kernel refuses it, as one about something that is not there.
     *
     * @param head length of the structure that the answer begins with, in bytes
     */
    Optional<Entry> ask(int type, byte[] request, int head) throws IOException {
        sequence++;
        ByteBuffer question = ByteBuffer.allocate(HEADER + request.length).order(ByteOrder.nativeOrder());
        question.putInt(HEADER + request.length)
                .putShort((short) type)
                .putShort(NLM_F_REQUEST)
                .putInt(sequence)
                .putInt(0)
                .put(request);
        socket.send(question.array());
        while (true) {
            ByteBuffer answer = ByteBuffer.wrap(socket.receive()).order(ByteOrder.nativeOrder());
            if (answer.limit() < HEADER || answer.getInt(0) < HEADER || answer.getInt(0) > answer.limit()) {
                throw new IOException("netlink answers with a message that is not all there");
            }
            if (answer.getInt(8) == sequence) {
                ByteBuffer body = part(answer, HEADER, answer.getInt(0) - HEADER);
                return answer.getShort(4) == NLMSG_ERROR
                        ? Optional.empty()
                        : Optional.of(new Entry(part(body, 0, head), attributes(part(body, head))));
            }
        }
    }

    /**
     * Has the kernel change something.
     *
     * @throws RefusedByKernel if it does not; nothing was changed then
     */
    void tell(int type, byte[] request) throws IOException {
        sequence++;
        ByteBuffer order = ByteBuffer.allocate(HEADER + request.length).order(ByteOrder.nativeOrder());
        order.putInt(HEADER + request.length)
                .putShort((short) type)
                .putShort((short) (NLM_F_REQUEST | NLM_F_ACK))
                .putInt(sequence)
                .putInt(0)
                .put(request);
        socket.send(order.array());
        while (true) {
            ByteBuffer answer = ByteBuffer.wrap(socket.receive()).order(ByteOrder.nativeOrder());
            if (answer.limit() < HEADER + Integer.BYTES) {
                throw new IOException("netlink answers with a message that is not all there");
            }
            if (answer.getInt(8) == sequence && answer.getShort(4) == NLMSG_ERROR) {
                int error = -answer.getInt(HEADER);
                if (error != 0) {
                    throw new RefusedByKernel(error);
                }
                return;
            }
        }
    }

    /** What the kernel says to something that it does not do. */
    static final class RefusedByKernel extends IOException {
        private static final long serialVersionUID = 1L;

        // From Linux's errno-base.h.
        private static final int ENOENT = 2;
        private static final int ENODEV = 19;

        private final int errno;

        private RefusedByKernel(int errno) {
            super("the kernel refuses it: error " + errno);
            this.errno = errno;
        }

        /** Whether it is because what is meant is not there. */
        boolean gone() {
            return errno == ENODEV || errno == ENOENT;
        }
    }

    private Optional<List<Entry>> once(int type, byte[] request, int head) throws IOException {
        sequence++;
        ByteBuffer question = ByteBuffer.allocate(HEADER + request.length).order(ByteOrder.nativeOrder());
        question.putInt(HEADER + request.length)
                .putShort((short) type)
                .putShort((short) (NLM_F_REQUEST | NLM_F_DUMP))
                .putInt(sequence)
                .putInt(0)
                .put(request);
        socket.send(question.array());
        List<Entry> entries = new ArrayList<>();
        boolean changed = false;
        while (true) {
            ByteBuffer answer = ByteBuffer.wrap(socket.receive()).order(ByteOrder.nativeOrder());
            while (answer.remaining() >= HEADER) {
                int start = answer.position();
                int length = answer.getInt();
                short kind = answer.getShort();
                short flags = answer.getShort();
                boolean ours = answer.getInt() == sequence;
                if (length < HEADER || start + length > answer.limit()) {
                    throw new IOException("netlink says a message has " + length + " bytes, and sent fewer");
                }
                ByteBuffer body = part(answer, start + HEADER, length - HEADER);
                answer.position(Math.min(answer.limit(), start + aligned(length)));
                if (!ours) {
                    continue; // Of an answer that was given up.
                }
                changed |= (flags & NLM_F_DUMP_INTR) != 0;
                switch (kind) {
                    case NLMSG_DONE -> {
                        return changed ? Optional.empty() : Optional.of(entries);
                    }
                    case NLMSG_ERROR ->
                        throw new IOException(
                                "the kernel refuses to tell its table " + type + ": error " + -body.getInt(0));
                    default -> entries.add(new Entry(part(body, 0, head), attributes(part(body, head))));
                }
            }
        }
    }

    /**
     * One message of a datagram.
     *
     * @param body what comes after its header
     */
    record Message(int type, ByteBuffer body) {

        Entry entry(int head) {
            return new Entry(part(body, 0, head), Netlink.attributes(part(body, head)));
        }
    }

    /** The messages in a datagram. */
    static List<Message> messages(byte[] datagram) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        List<Message> messages = new ArrayList<>();
        while (bytes.remaining() >= HEADER) {
            int start = bytes.position();
            int length = bytes.getInt(start);
            if (length < HEADER || start + length > bytes.limit()) {
                throw new IOException("netlink says a message has " + length + " bytes, and sent fewer");
            }
            messages.add(new Message(
                    Short.toUnsignedInt(bytes.getShort(start + 4)), part(bytes, start + HEADER, length - HEADER)));
            bytes.position(Math.min(bytes.limit(), start + aligned(length)));
        }
        return messages;
    }

    /** The attributes in those bytes. */
    static Map<Integer, ByteBuffer> attributes(ByteBuffer bytes) {
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        each(bytes, attributes::put);
        return attributes;
    }

    /** Hands over the attributes in those bytes, by type, also those of one type. */
    static void each(ByteBuffer bytes, BiConsumer<Integer, ByteBuffer> taker) {
        int at = 0;
        while (at + 4 <= bytes.limit()) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < 4 || at + length > bytes.limit()) {
                throw new IllegalArgumentException("a netlink attribute of " + length + " bytes is not all there");
            }
            taker.accept(bytes.getShort(at + 2) & TYPE_MASK, part(bytes, at + 4, length - 4));
            at += aligned(length);
        }
    }

    /** Text of C, up to the zero at its end. */
    static String text(ByteBuffer bytes) {
        int end = 0;
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end];
        bytes.get(0, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static ByteBuffer part(ByteBuffer bytes, int from) {
        return part(bytes, from, bytes.limit() - from);
    }

    private static ByteBuffer part(ByteBuffer bytes, int from, int length) {
        return bytes.slice(from, length).order(ByteOrder.nativeOrder());
    }

    private static int aligned(int length) {
        return length + 3 & ~3;
    }

    @Override
    public void close() {
        socket.close();
    }
}
