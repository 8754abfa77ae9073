package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** A command that goes on beside the test. */
record Running(Process process, Path outputFile, Path errorsFile) implements AutoCloseable {

    String output() {
        return read(outputFile);
    }

    String errors() {
        return read(errorsFile);
    }

    /** What is to happen in the middle of it can still happen. */
    void assertGoesOn() {
        assertThat(process.isAlive())
                .as("still running: %s%s", output(), errors())
                .isTrue();
    }

    /** Until it has printed that. One that ends without it fails at once, with all that it said. */
    void awaitOutput(String text, Duration longest) {
        await(this::output, text, longest);
    }

    /** Until its progress has come to that. */
    void awaitProgress(String text, Duration longest) {
        await(this::errors, text, longest);
    }

    private void await(Supplier<String> stream, String text, Duration longest) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(longest).until(() -> {
            boolean ended = !process.isAlive();
            if (stream.get().contains(text)) {
                return true;
            }
            if (ended) {
                throw new AssertionError("ended with status " + process.exitValue() + " and never said \"" + text
                        + "\"\n" + output() + errors());
            }
            return false;
        });
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
        signal("INT");
    }

    void signal(String name) throws CommandFailed {
        new LocalCommands().check(Command.of("kill", "-" + name, Long.toString(process.pid())));
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
