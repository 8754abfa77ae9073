package dev.scc.cli.command;

import picocli.CommandLine;

/** The tree of commands. */
final class Commands {
    private Commands() {}

    static CommandLine line(Session session) {
        CommandLine line = new CommandLine(new SccCommand());
        line.addSubcommand(new CreateCommand(session));
        line.addSubcommand(new ListCommand(session));
        line.addSubcommand(new ShowCommand(session));
        line.addSubcommand(new DeleteCommand(session));
        line.addSubcommand(new VerifyCommand(session));
        line.addSubcommand(new RunCommand(session));
        line.addSubcommand(new CommandLine(new NodeCommand())
                .addSubcommand(new NodeListCommand(session))
                .addSubcommand(new NodeShowCommand(session)));
        line.addSubcommand(new ServerCommand());
        line.addSubcommand(new AgentCommand(session));
        line.addSubcommand(new CommandLine(new TestbedCommand())
                .addSubcommand(new TestbedUpCommand(session))
                .addSubcommand(new TestbedDownCommand(session))
                .addSubcommand(new TestbedStatusCommand(session))
                .addSubcommand(new TestbedExecCommand()));
        line.addSubcommand(new DemoCommand(session));
        line.addSubcommand(new CompletionCommand(session));
        return line;
    }
}
