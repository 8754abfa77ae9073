package dev.scc.host.command;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One external command: never a shell string.
 *
 * @param argv program and arguments; at least the program
 * @param input what it reads on standard input; empty for none
 * @param environment added to (or replacing in) the inherited environment
 * @param deadline after which it is killed and reported as failed; positive
 */
public record Command(List<String> argv, String input, Map<String, String> environment, Duration deadline) {
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("argv of a command is empty");
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline of " + argv.getFirst() + " is not positive: " + deadline);
        }
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public static Command of(List<String> argv) {
        return new Command(argv, "", Map.of(), DEFAULT_DEADLINE);
    }

    public Command withInput(String text) {
        return new Command(argv, text, environment, deadline);
    }

    public Command withEnvironment(Map<String, String> added) {
        return new Command(argv, input, added, deadline);
    }

    public Command within(Duration longest) {
        return new Command(argv, input, environment, longest);
    }
}
