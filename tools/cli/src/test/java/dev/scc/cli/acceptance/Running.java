package dev.scc.cli.acceptance;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command that goes on beside the test. */
record Running(Process process, Path outputFile, Path errorsFile) implements AutoCloseable {

    String output() {
        return read(outputFile);
    }

    String errors() {
        return read(errorsFile);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Ctrl-C does. The launcher script replaces itself by java, so the pid is the command's own. */
    void interrupt() throws CommandFailed {
        new LocalCommands().check(Command.of("kill", "-INT", Long.toString(process.pid())));
    }

    int await(Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + longest + "\n" + output() + errors());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
