package dev.scc.host.command;

import dev.scc.host.libc.Child;
import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.MemoryFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs commands in a network namespace with one process each: none of Java's between us and the command, and none that
 * enters the namespace. Meant for small tools that are called often; what they say is held in memory.
 */
final class DirectCommands implements Commands {
    private final NetworkNamespace namespace;

    DirectCommands(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** One command under way: its thread starts it, and another may end it at any time. */
    private static final class Running {
        private final Command command;
        private Optional<Child> child = Optional.empty();
        private boolean unwanted;

        Running(Command command) {
            this.command = command;
        }

        CommandResult run() throws LibcFailed {
            try (MemoryFile input = MemoryFile.of(command.input().getBytes(StandardCharsets.UTF_8));
                    MemoryFile output = MemoryFile.of(new byte[0]);
                    MemoryFile errors = MemoryFile.of(new byte[0])) {
                Child started = Child.start(
                        command.argv(),
                        environment(command),
                        List.of(input.descriptor(), output.descriptor(), errors.descriptor()));
                known(started);
                int status = started.await();
                return new CommandResult(status, text(output), text(errors));
            }
        }

        private synchronized void known(Child started) {
            child = Optional.of(started);
            if (unwanted) {
                started.kill();
            }
        }

        synchronized void kill() {
            unwanted = true;
            child.ifPresent(Child::kill);
        }
    }

    @Override
    public CommandResult run(Command command) throws CommandFailed {
        Running running = new Running(command);
        FutureTask<CommandResult> task = namespace.begin(running::run);
        try {
            return task.get(command.deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailed(LocalCommands.quote(command.argv()) + " did not end within "
                    + LocalCommands.words(command.deadline()) + " and was killed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(
                    LocalCommands.quote(command.argv()) + " was killed because its caller was interrupted", e);
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new CommandFailed(
                    "cannot start " + LocalCommands.quote(command.argv()) + " in " + namespace + ": "
                            + why.getMessage(),
                    e);
        } finally {
            running.kill();
        }
    }

    private static Map<String, String> environment(Command command) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(command.environment());
        // Messages are parsed and shown, so they have to be in one language.
        environment.putIfAbsent("LC_ALL", "C.UTF-8");
        return environment;
    }

    private static String text(MemoryFile file) throws LibcFailed {
        return new String(file.content(), StandardCharsets.UTF_8);
    }
}
