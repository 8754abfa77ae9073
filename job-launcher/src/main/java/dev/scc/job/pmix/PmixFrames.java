package dev.scc.job.pmix;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.job.JobLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The frames that {@code scc-pmix} and a job's lead exchange, see the source {@code pmix-frames.h}: four bytes with the length
 * of the rest, one that says what it is, and its fields. Numbers have four bytes, texts two with their length before them, all of
 * them with the highest byte first; data is the rest of a frame. An instance reads what one server says. Not thread-safe.
 */
public final class PmixFrames {
    /** The variable that tells a rank which it is. */
    public static final String RANK = "PMIX_RANK";

    private static final int JOB = 1;
    private static final int ANSWER = 2;
    private static final int ASK = 3;
    private static final int READY = 16;
    private static final int FENCE = 17;
    private static final int WANT = 18;
    private static final int GAVE = 19;
    private static final int ARRIVED = 20;
    private static final int FINALIZED = 21;
    private static final int ABORTED = 22;

    private static final int HEAD = 4;
    /** PMIX_RANK_WILDCARD: all ranks of a job. */
    private static final int ALL = -2;

    private static final int MOST_VARIABLES = 64;
    private static final int LONGEST = JobLimits.PMIX_OF_A_NODE + Integer.BYTES * JobLimits.RANKS + 1024;
    private static final Pattern VARIABLE = Pattern.compile("PMIX_[A-Z0-9_]+=[^\0]*");

    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    /** So many bytes have to be there before there is anything to do. */
    private int needed = HEAD;

    /** What came is no frame. */
    public static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(String why) {
            super(why);
        }
    }

    /** Where ranks are. They have the numbers that follow those of the places before. */
    public record Place(String node, int ranks) {}

    /**
     * The first frame for a server.
     *
     * @param space the job's name among those of all jobs
     * @param directory of the job, its user's
     * @param own the index of the server's place
     */
    static byte[] job(String space, String directory, int own, List<Place> places) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, space);
        text(body, directory);
        number(body, own);
        number(body, places.size());
        for (Place place : places) {
            text(body, place.node());
            number(body, place.ranks());
        }
        return frame(JOB, body, 0);
    }

    /** The beginning of an answer, which so much data follows. */
    static byte[] answer(int question, int status, int length) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, question);
        number(body, status);
        return frame(ANSWER, body, length);
    }

    /** Asks for what a rank there has for others. */
    static byte[] ask(int question, int rank) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, question);
        number(body, rank);
        return frame(ASK, body, 0);
    }

    private static byte[] frame(int kind, ByteArrayOutputStream body, int more) {
        return ByteBuffer.allocate(HEAD + 1 + body.size())
                .putInt(1 + body.size() + more)
                .put((byte) kind)
                .put(body.toByteArray())
                .array();
    }

    private static void number(ByteArrayOutputStream body, int number) {
        body.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    private static void text(ByteArrayOutputStream body, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        body.writeBytes(
                ByteBuffer.allocate(Short.BYTES).putShort((short) bytes.length).array());
        body.writeBytes(bytes);
    }

    /**
     * What is complete now that these bytes have come.
     *
     * @throws Malformed if they are no frames; what follows is none either then
     */
    List<PmixSaid> read(Bytes more) throws Malformed {
        begun.writeBytes(more.toArray());
        if (begun.size() < needed) {
            return List.of();
        }
        needed = HEAD;
        ByteBuffer bytes = ByteBuffer.wrap(begun.toByteArray());
        List<PmixSaid> said = new ArrayList<>();
        while (bytes.remaining() >= HEAD) {
            int length = bytes.getInt(bytes.position());
            if (length < 1 || length > LONGEST) {
                throw new Malformed("a frame of " + Integer.toUnsignedString(length) + " bytes");
            }
            needed = HEAD + length;
            if (bytes.remaining() < needed) {
                break;
            }
            said.add(parse(bytes.slice(bytes.position() + HEAD, length)));
            bytes.position(bytes.position() + needed);
            needed = HEAD;
        }
        begun.reset();
        begun.write(bytes.array(), bytes.position(), bytes.remaining());
        return said;
    }

    private static PmixSaid parse(ByteBuffer frame) throws Malformed {
        try {
            int kind = frame.get();
            PmixSaid said = switch (kind) {
                case READY -> new PmixSaid.Ready(variables(frame));
                case FENCE -> new PmixSaid.Fence(frame.getInt(), ranks(frame), data(frame));
                case WANT -> new PmixSaid.Want(frame.getInt(), frame.getInt());
                case GAVE -> new PmixSaid.Gave(frame.getInt(), frame.getInt(), data(frame));
                case ARRIVED -> new PmixSaid.Arrived(frame.getInt());
                case FINALIZED -> new PmixSaid.Finalized(frame.getInt());
                case ABORTED -> new PmixSaid.Aborted(frame.getInt(), frame.getInt(), text(frame));
                default -> throw new Malformed("a frame of kind " + kind);
            };
            if (frame.hasRemaining()) {
                throw new Malformed("a frame of kind " + kind + " with " + frame.remaining() + " bytes too many");
            }
            return said;
        } catch (BufferUnderflowException e) {
            throw new Malformed("a frame that ends too early");
        }
    }

    private static Map<String, String> variables(ByteBuffer frame) throws Malformed {
        int count = frame.getInt();
        if (count < 0 || count > MOST_VARIABLES) {
            throw new Malformed(count + " variables");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String variable = text(frame);
            if (!VARIABLE.matcher(variable).matches()) {
                throw new Malformed("a variable that is none of PMIx");
            }
            int equals = variable.indexOf('=');
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        variables.remove(RANK);
        return variables;
    }

    private static List<Integer> ranks(ByteBuffer frame) throws Malformed {
        int count = frame.getInt();
        if (count < 1 || count > JobLimits.RANKS) {
            throw new Malformed("a fence of " + count + " ranks");
        }
        List<Integer> ranks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ranks.add(frame.getInt());
        }
        return ranks.contains(ALL) ? List.of() : ranks;
    }

    private static Bytes data(ByteBuffer frame) throws Malformed {
        if (frame.remaining() > JobLimits.PMIX_OF_A_NODE) {
            throw new Malformed(frame.remaining() + " bytes of data");
        }
        byte[] data = new byte[frame.remaining()];
        frame.get(data);
        return Bytes.of(data);
    }

    private static String text(ByteBuffer frame) {
        byte[] text = new byte[Short.toUnsignedInt(frame.getShort())];
        frame.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
