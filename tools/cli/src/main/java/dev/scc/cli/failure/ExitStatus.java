package dev.scc.cli.failure;

/** What the process's exit status means. {@code scc run} otherwise passes on the job's own. */
public enum ExitStatus {
    DONE(0),
    FAILED(1),
    USAGE(2),
    UNREACHABLE(3),
    SOME_NODES_FAILED(4),
    LEFT_BEHIND(5),
    REFUSED(6),
    TIMED_OUT(124),
    INTERRUPTED(130),
    /** What the shell reports of a process that SIGPIPE ended. */
    OUTPUT_CLOSED(141);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
