package dev.scc.testbed;

/** How a command on a node ended. */
public sealed interface ExecOutcome {
    /** With this exit status: 128 + signal if a signal ended it, 127 if it could not be started, 255 if the guest was lost. */
    record Ended(int status) implements ExecOutcome {}

    /** The command was not tried. */
    record NotTried(Problem problem) implements ExecOutcome {}
}
