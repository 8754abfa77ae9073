package dev.scc.host.command;

/**
 * A command that could not be started, ran past its deadline, or (through {@link Commands#check}) exited with a status
 * other than 0. The message carries argv and the last lines of standard error.
 */
public final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandFailed(String message) {
        super(message);
    }

    public CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
