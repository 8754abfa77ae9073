package dev.scc.host;

import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.ProcessDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process, told from a later one with the same number by the time it started.
 *
 * @param startTicks field 22 of {@code /proc/<pid>/stat} (proc(5)): clock ticks since boot
 */
public record ProcessId(long pid, long startTicks) {

    private static final Path PROC = Path.of("/proc");
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    /**
     * The live process {@code pid}; empty if there is none, or only its unreaped remains.
     *
     * @throws UncheckedIOException if that cannot be told, as without a free file descriptor
     */
    public static Optional<ProcessId> of(long pid) {
        return of(PROC, pid);
    }

    static Optional<ProcessId> of(Path proc, long pid) {
        Path directory = proc.resolve(Long.toString(pid));
        String stat;
        try {
            stat = Files.readString(directory.resolve("stat"));
        } catch (IOException e) {
            // It goes with the process, also while it is read. To see that it is there takes no descriptor.
            if (Files.notExists(directory)) {
                return Optional.empty();
            }
            throw new UncheckedIOException("whether process " + pid + " lives cannot be told: " + e.getMessage(), e);
        }
        // The command in field 2 may hold spaces and parentheses; field 3 follows the last ')'.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        boolean remains = fields[0].equals("Z") || fields[0].equals("X");
        return remains ? Optional.empty() : Optional.of(new ProcessId(pid, Long.parseLong(fields[19])));
    }

    /**
     * Whether it runs.
     *
     * @throws UncheckedIOException if that cannot be told
     */
    public boolean alive() {
        return of(pid).equals(Optional.of(this));
    }

    /** Sends SIGTERM. */
    public void terminate() {
        send(SIGTERM);
    }

    /** Sends SIGKILL. */
    public void kill() {
        send(SIGKILL);
    }

    /** It is looked at while it is held: between the look and the signal its number can become another's. */
    private void send(int signal) {
        try (ProcessDescriptor held = ProcessDescriptor.open(pid)) {
            if (alive()) {
                held.send(signal);
            }
        } catch (LibcFailed e) {
            if (alive()) {
                throw new UncheckedIOException("process " + pid + " gets no signal: " + e.getMessage(), e);
            }
        }
    }

    /** Waits until it is gone; false if it is still there after {@code longest}. */
    public boolean awaitEnd(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (alive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(5_000_000);
        }
        return true;
    }
}
