package dev.scc.cli.failure;

import java.io.PrintStream;

/** Nobody reads what we write, as after {@code | head}. Ends the command without a word, as SIGPIPE would. */
public final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private OutputClosed() {
        super("nobody reads the output any more");
    }

    /**
     * Flushes. To be called by whatever goes on for long.
     *
     * @throws OutputClosed if something that was written to the stream could not be
     */
    public static void check(PrintStream stream) {
        if (stream.checkError()) {
            throw new OutputClosed();
        }
    }
}
