package dev.scc.job.node;

import dev.scc.host.TerminalSize;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a terminal the size of its window, on a thread of its own: one at a time, and of those that come meanwhile only the
 * latest. Safe for use by several threads.
 */
final class LatestSize {
    private static final Logger log = LoggerFactory.getLogger(LatestSize.class);

    /** What is told; it may wait for as long as the job's program does not read. */
    @FunctionalInterface
    interface Terminal {
        void resize(TerminalSize size) throws IOException;
    }

    private final Terminal terminal;
    private Optional<TerminalSize> next = Optional.empty();
    private boolean writing;

    LatestSize(Terminal terminal) {
        this.terminal = terminal;
    }

    synchronized void put(TerminalSize size) {
        next = Optional.of(size);
        if (!writing) {
            writing = true;
            Thread.ofPlatform().daemon().name("job-resize").start(this::write);
        }
    }

    private void write() {
        for (Optional<TerminalSize> size = take(); size.isPresent(); size = take()) {
            try {
                terminal.resize(size.get());
            } catch (IOException e) {
                log.atTrace().setCause(e).log("a process has no terminal any more");
            }
        }
    }

    private synchronized Optional<TerminalSize> take() {
        Optional<TerminalSize> taken = next;
        next = Optional.empty();
        writing = taken.isPresent();
        return taken;
    }
}
