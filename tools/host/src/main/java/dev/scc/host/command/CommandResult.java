package dev.scc.host.command;

/** What a finished command said. {@code status} is its exit status, or 128 + signal when a signal ended it. */
public record CommandResult(int status, String output, String errors) {
    public boolean ok() {
        return status == 0;
    }
}
