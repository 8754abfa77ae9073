package dev.scc.host.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs commands on this machine, in this process's namespaces. */
public final class LocalCommands implements Commands {
    private static final Logger log = LoggerFactory.getLogger(LocalCommands.class);

    @Override
    public CommandResult run(Command command) throws CommandFailed {
        long deadline = System.nanoTime() + command.deadline().toNanos();
        Process process = start(command);
        ExecutorService streams = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<String> output = streams.submit(() -> drain(process.getInputStream()));
            Future<String> errors = streams.submit(() -> drain(process.getErrorStream()));
            Future<?> input = streams.submit(() -> feed(process.getOutputStream(), command.input()));
            // The streams end when the last process that inherited them ends, so they are part of the deadline.
            String said = output.get(left(deadline), TimeUnit.NANOSECONDS);
            String complained = errors.get(left(deadline), TimeUnit.NANOSECONDS);
            if (!process.waitFor(left(deadline), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            input.cancel(true); // What has ended reads no more.
            return new CommandResult(process.exitValue(), said, complained);
        } catch (TimeoutException e) {
            throw new CommandFailed(
                    quote(command.argv()) + " did not end within " + words(command.deadline()) + " and was killed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(quote(command.argv()) + " was killed because its caller was interrupted", e);
        } catch (ExecutionException e) {
            throw new CommandFailed("cannot read the output of " + quote(command.argv()) + ": " + e.getCause(), e);
        } finally {
            if (process.isAlive()) {
                killTree(process);
            }
            streams.shutdownNow();
        }
    }

    private static Process start(Command command) throws CommandFailed {
        ProcessBuilder builder = new ProcessBuilder(command.argv());
        builder.environment().putAll(command.environment());
        // Messages are parsed and shown, so they have to be in one language.
        builder.environment().putIfAbsent("LC_ALL", "C.UTF-8");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CommandFailed("cannot start " + quote(command.argv()) + ": " + e.getMessage(), e);
        }
    }

    private static String drain(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void feed(OutputStream stream, String input) {
        try (stream) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A command that ends without reading all its input breaks the pipe; its exit status tells whether that is
            // well.
            log.atDebug().addKeyValue("why", e.getMessage()).log("command did not read all its input");
        }
    }

    private static long left(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    // Children first: a parent that dies first would hand them to init, out of sight.
    private static void killTree(Process process) {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
    }

    static String quote(List<String> argv) {
        return "\"" + String.join(" ", argv) + "\"";
    }

    static String words(Duration duration) {
        return duration.toMillis() < 10_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }
}
