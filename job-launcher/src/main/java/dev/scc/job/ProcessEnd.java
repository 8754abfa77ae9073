package dev.scc.job;

import java.util.Map;

/**
 * How a process ended.
 *
 * @param number the exit status, the signal's number, or the kernel's error number
 */
public record ProcessEnd(Kind kind, int number) {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOEXEC = 8;
    private static final int ENOTDIR = 20;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL (illegal instruction)"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT (abort)"),
            Map.entry(7, "SIGBUS (bus error)"),
            Map.entry(8, "SIGFPE (arithmetic error)"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV (segmentation fault)"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(15, "SIGTERM"));

    /** What {@link #number} is. */
    public enum Kind {
        EXIT,
        SIGNAL,
        /** The command could not be executed. */
        NOT_EXECUTED,
        /** The node could not prepare the process: cgroup, session or directory. */
        NOT_PREPARED
    }

    public static ProcessEnd exit(int status) {
        return new ProcessEnd(Kind.EXIT, status);
    }

    public static ProcessEnd signal(int number) {
        return new ProcessEnd(Kind.SIGNAL, number);
    }

    /** What {@link Process#exitValue()} means on Linux, where 128 + n stands for signal n. */
    public static ProcessEnd ofExitValue(int value) {
        return value > 128 && value <= 128 + 64 ? signal(value - 128) : exit(value);
    }

    public boolean ok() {
        return kind == Kind.EXIT && number == 0;
    }

    /** The status that a shell would report: 128 + n for signal n, 127 for not found, 126 for not executable. */
    public int exitCode() {
        return switch (kind) {
            case EXIT -> number;
            case SIGNAL -> 128 + number;
            case NOT_EXECUTED -> number == ENOENT || number == ENOTDIR ? 127 : 126;
            case NOT_PREPARED -> 125;
        };
    }

    /** For a sentence that starts with what ended, such as "rank 1 on n2". */
    public String describe(String command) {
        return switch (kind) {
            case EXIT -> "ended with exit status " + number;
            case SIGNAL -> "was killed by " + SIGNALS.getOrDefault(number, "signal " + number);
            case NOT_EXECUTED -> "could not be started: " + command + ": " + error();
            case NOT_PREPARED -> "could not be prepared by the agent: " + error();
        };
    }

    private String error() {
        return switch (number) {
            case ENOENT -> "No such file or directory";
            case EACCES -> "Permission denied";
            case ENOEXEC -> "Exec format error";
            case ENOTDIR -> "Not a directory";
            default -> "error number " + number;
        };
    }
}
