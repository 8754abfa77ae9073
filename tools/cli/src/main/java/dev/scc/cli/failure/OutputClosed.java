package dev.scc.cli.failure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** Nobody reads what we write, as after {@code | head}. Ends the command without a word, as SIGPIPE would. */
public final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** What Linux says of EPIPE; Java has nothing else to tell it by. */
    private static final String BROKEN_PIPE = "Broken pipe";

    private OutputClosed() {
        super("nobody reads the output any more");
    }

    /**
     * Flushes. To be called by whatever goes on for long.
     *
     * @throws OutputClosed if nobody reads the stream any more. Another failure is told at the end: {@link #failure}
     */
    public static void check(PrintStream stream) {
        if (stream.checkError() && failure(stream).isEmpty()) {
            throw new OutputClosed();
        }
    }

    /** Why something that was written could not be, if not because nobody reads it: a full disk. */
    public static Optional<String> failure(PrintStream stream) {
        return stream instanceof Output output
                ? output.failure().map(IOException::getMessage).filter(why -> !BROKEN_PIPE.equals(why))
                : Optional.empty();
    }
}
