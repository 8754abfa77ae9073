package dev.scc.cli.command;

import picocli.CommandLine;

/** The tree of commands. */
final class Commands {
    private Commands() {}

    static CommandLine line(Session session) {
        CommandLine line = new CommandLine(new SccCommand());
        line.addSubcommand(new CompletionCommand(session));
        return line;
    }
}
