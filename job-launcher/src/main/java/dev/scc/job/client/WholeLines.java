package dev.scc.job.client;

import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes whole lines of what the processes of a job write, so that lines of several never mix; with the rank and its node in
 * front of each, or without. Not thread-safe.
 */
final class WholeLines {
    /** What is longer is handed on in pieces: a rank may write without ever ending a line. */
    private static final int LONGEST = 8 << 20;

    /** Where the lines go. */
    @FunctionalInterface
    interface Lines {
        void write(boolean errors, byte[] bytes);
    }

    /** Who writes a stream; a launcher has no rank. */
    private record Source(NodeName node, Optional<Integer> rank, boolean errors) {}

    private final boolean prefixes;
    private final Lines lines;
    private final Map<Source, ByteArrayOutputStream> begun = new LinkedHashMap<>();

    /** @param prefixes whether each line of a rank says whose it is */
    WholeLines(boolean prefixes, Lines lines) {
        this.prefixes = prefixes;
        this.lines = lines;
    }

    /** Some output. */
    void take(JobEvent.Output output) {
        Source source = new Source(output.node(), output.rank(), output.errors());
        byte[] bytes = output.bytes().toArray();
        int end = endOfLines(bytes);
        boolean asItIs = end == bytes.length && !begun.containsKey(source) && (!prefixes || source.rank.isEmpty());
        if (end > 0) {
            lines.write(source.errors, asItIs ? bytes : whole(source, bytes, end));
        }
        if (end < bytes.length) {
            ByteArrayOutputStream rest = begun.computeIfAbsent(source, key -> new ByteArrayOutputStream());
            rest.write(bytes, end, bytes.length - end);
            if (rest.size() > LONGEST) {
                flush(source);
            }
        }
    }

    private static int endOfLines(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** @param end of the last line, which is whole */
    private byte[] whole(Source source, byte[] bytes, int end) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(end + end / 2);
        beginning(source, whole);
        if (!prefixes || source.rank.isEmpty()) {
            whole.write(bytes, 0, end);
            return whole.toByteArray();
        }
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (bytes[i] == '\n') {
                if (start > 0) {
                    beginning(source, whole);
                }
                whole.write(bytes, start, i + 1 - start);
                start = i + 1;
            }
        }
        return whole.toByteArray();
    }

    /** The line's prefix, and what came of it before. */
    private void beginning(Source source, ByteArrayOutputStream line) {
        if (prefixes && source.rank.isPresent()) {
            line.writeBytes(("[" + source.rank.get() + " " + source.node + "] ").getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream before = begun.remove(source);
        if (before != null) {
            line.writeBytes(before.toByteArray());
        }
    }

    /** There is no more output. With prefixes, last lines without a newline get one. */
    void flush() {
        Map.copyOf(begun).keySet().forEach(this::flush);
    }

    private void flush(Source source) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        beginning(source, line);
        if (prefixes && source.rank.isPresent()) {
            line.write('\n');
        }
        lines.write(source.errors, line.toByteArray());
    }
}
