package dev.scc.cli.render;

import dev.scc.host.Visible;
import java.io.PrintStream;

/**
 * What a long command is doing, on standard error: one line that is rewritten on a terminal, one line per change
 * elsewhere, nothing with {@code --quiet}.
 */
public final class Progress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream err;
    private final boolean shown;
    private final boolean live;
    private final long startedNanos = System.nanoTime();
    private String last = "";

    private Progress(PrintStream err, boolean shown, boolean live) {
        this.err = err;
        this.shown = shown;
        this.live = live;
    }

    public static Progress on(PrintStream err, boolean quiet) {
        return new Progress(err, !quiet, !quiet && Terminal.errorsAreOne());
    }

    /** Says what is being done now. The same text again is not repeated. */
    public synchronized void now(String text) {
        if (!shown || text.equals(last)) {
            return;
        }
        last = text;
        String line = "%6.1f s  %s".formatted((System.nanoTime() - startedNanos) / 1e9, Visible.line(text));
        if (live) {
            err.print(CLEAR_LINE + line);
        } else {
            err.println(line);
        }
        err.flush();
    }

    /** Takes the live line away, so that the answer starts on a clean one. */
    @Override
    public synchronized void close() {
        if (live && !last.isEmpty()) {
            err.print(CLEAR_LINE);
            err.flush();
        }
        last = "";
    }
}
