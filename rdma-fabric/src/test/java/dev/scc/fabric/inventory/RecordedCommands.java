package dev.scc.fabric.inventory;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers commands with what was recorded for them, and remembers which were asked. */
final class RecordedCommands implements Commands {
    private final Map<String, CommandResult> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    RecordedCommands answer(String command, int status, String output, String errors) {
        answers.put(command, new CommandResult(status, output, errors));
        return this;
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public CommandResult run(Command command) throws CommandFailed {
        String line = String.join(" ", command.argv());
        asked.add(line);
        CommandResult answer = answers.get(line);
        if (answer == null) {
            throw new CommandFailed("nothing is recorded for \"" + line + "\"");
        }
        return answer;
    }
}
