package dev.scc.host.command;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where commands run: on this machine, or in one of its network namespaces. */
public interface Commands {

    /**
     * Runs a command to its end, with both streams drained.
     *
     * @throws CommandFailed if it cannot be started or its deadline passes (it has then been killed)
     */
    CommandResult run(Command command) throws CommandFailed;

    /** Like {@link #run}, and an exit status other than 0 is a failure too. Returns standard output. */
    default String check(Command command) throws CommandFailed {
        CommandResult result = run(command);
        if (!result.ok()) {
            throw new CommandFailed("\"" + String.join(" ", command.argv()) + "\" exited with status " + result.status()
                    + ": " + lastLines(result.errors()));
        }
        return result.output();
    }

    private static String lastLines(String text) {
        String[] lines = text.strip().split("\n", -1);
        return Arrays.stream(lines).skip(Math.max(0, lines.length - 3)).collect(Collectors.joining(" / "));
    }
}
