package dev.scc.job;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes whole lines of what ranks write, each with its rank and node in front, so that lines of several ranks never mix. A
 * last line without a newline gets one. For one thread.
 */
final class LinePrefixer {

    /** Where the lines go. */
    @FunctionalInterface
    interface Lines {
        void write(boolean errors, byte[] bytes);
    }

    private record Source(int rank, boolean errors, String prefix) {}

    private final Lines lines;
    private final Map<Source, ByteArrayOutputStream> begun = new LinkedHashMap<>();

    LinePrefixer(Lines lines) {
        this.lines = lines;
    }

    /** Output of one rank. */
    void take(JobEvent.Output output) {
        int rank = output.rank().orElseThrow();
        Source source = new Source(rank, output.errors(), "[" + rank + " " + output.node() + "] ");
        byte[] bytes = output.bytes().toArray();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                write(source, bytes, start, i - start);
                start = i + 1;
            }
        }
        if (start < bytes.length) {
            begun.computeIfAbsent(source, key -> new ByteArrayOutputStream()).write(bytes, start, bytes.length - start);
        }
    }

    /** There is no more output. */
    void flush() {
        Map.copyOf(begun).keySet().forEach(source -> write(source, new byte[0], 0, 0));
    }

    private void write(Source source, byte[] bytes, int offset, int length) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(source.prefix.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream beginning = begun.remove(source);
        if (beginning != null) {
            line.writeBytes(beginning.toByteArray());
        }
        line.write(bytes, offset, length);
        line.write('\n');
        lines.write(source.errors, line.toByteArray());
    }
}
