package dev.scc.cli.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person is watching. */
public final class Terminal {
    private Terminal() {}

    /**
     * Whether standard error is a terminal that can rewrite a line. {@link System#console} only knows about standard input
     * and output, so this asks the kernel where file descriptor 2 leads.
     */
    public static boolean errorsAreOne() {
        if ("dumb".equals(System.getenv("TERM"))
                || !System.getenv().getOrDefault("NO_COLOR", "").isEmpty()) {
            return false;
        }
        return isOne(2);
    }

    /** Whether standard output is a terminal, and colours are welcome there (no-color.org). */
    public static boolean outputHasColours() {
        return !"dumb".equals(System.getenv("TERM"))
                && System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
                && isOne(1);
    }

    /** Whether standard input is a terminal. */
    public static boolean inputIsOne() {
        return isOne(0);
    }

    private static boolean isOne(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
