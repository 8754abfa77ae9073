package dev.scc.job.pmi;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of a stream, none of which may be longer than a limit: whoever writes them has the memory of whoever reads. */
final class BoundedLines {
    /** Small, because each rank has one. */
    private static final int BUFFER = 1 << 10;

    private final InputStream input;
    private final int most;

    BoundedLines(InputStream input, int most) {
        this.input = new BufferedInputStream(input, BUFFER);
        this.most = most;
    }

    /** A line has more bytes than it may. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int most) {
            super("a line has more than " + most + " bytes");
        }
    }

    /**
     * The next line without its newline, with or without a carriage return before that; empty at the end of the stream. What
     * has no newline before the end is a line.
     */
    Optional<String> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = input.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = input.read()) {
            if (line.size() == most) {
                throw new TooLong(most);
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
