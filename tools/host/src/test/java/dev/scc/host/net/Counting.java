package dev.scc.host.net;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.util.ArrayList;
import java.util.List;

/** Passes commands on and remembers their programs. */
final class Counting implements Commands {
    private final Commands real;
    private final List<String> programs = new ArrayList<>();

    Counting(Commands real) {
        this.real = real;
    }

    @Override
    public CommandResult run(Command command) throws CommandFailed {
        programs.add(command.argv().getFirst());
        return real.run(command);
    }

    /** What ran since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(programs);
        programs.clear();
        return taken;
    }
}
