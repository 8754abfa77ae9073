package dev.scc.host.command;

import java.util.ArrayList;
import java.util.List;

/** Runs commands inside a named network namespace of this machine (one that {@code ip netns} knows). */
public final class NamespaceCommands implements Commands {
    private final Commands machine;
    private final String namespace;

    public NamespaceCommands(Commands machine, String namespace) {
        this.machine = machine;
        this.namespace = namespace;
    }

    /** {@inheritDoc} In a namespace that is not there the exit status is that of {@code ip netns exec}: 1. */
    @Override
    public CommandResult run(Command command) throws CommandFailed {
        List<String> argv = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        argv.addAll(command.argv());
        return machine.run(new Command(argv, command.input(), command.environment(), command.deadline()));
    }
}
