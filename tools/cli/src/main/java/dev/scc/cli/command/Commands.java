package dev.scc.cli.command;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The tree of commands. Reading the annotations of all of them takes longer than a short command itself, so where the words
 * name one, only that one is read.
 */
final class Commands {
    private static final List<String> OPTIONS_WITH_VALUE =
            List.of("-o", "--output", "--server", "--timeout", "--credentials", "--context");

    /** A command that is not read yet. */
    private record Entry(String name, Supplier<Object> command) {
        static Entry group(String name, Supplier<Object> group, Entry... members) {
            return new Entry(name, () -> {
                CommandLine line = new CommandLine(group.get());
                for (Entry member : members) {
                    line.addSubcommand(member.name(), member.command().get());
                }
                return line;
            });
        }
    }

    private Commands() {}

    /** All commands. */
    static CommandLine line(Session session) {
        CommandLine line = new CommandLine(new SccCommand());
        entries(session)
                .forEach(entry ->
                        line.addSubcommand(entry.name(), entry.command().get()));
        return line;
    }

    /** Those that these words may mean: one, or all if they need to be listed or guessed. */
    static CommandLine line(Session session, String[] words) {
        Optional<String> wanted = commandAmong(words);
        Optional<Entry> entry = entries(session).stream()
                .filter(each -> wanted.filter(each.name()::equals).isPresent())
                .findFirst();
        if (entry.isEmpty() || wanted.get().equals("completion")) {
            return line(session);
        }
        CommandLine line = new CommandLine(new SccCommand());
        line.addSubcommand(entry.get().name(), entry.get().command().get());
        return line;
    }

    /** The first word that is neither an option nor an option's value. */
    static Optional<String> commandAmong(String[] words) {
        for (int i = 0; i < words.length; i++) {
            if (OPTIONS_WITH_VALUE.contains(words[i])) {
                i++;
            } else if (!words[i].startsWith("-")) {
                return Optional.of(words[i]);
            }
        }
        return Optional.empty();
    }

    private static List<Entry> entries(Session session) {
        return List.of(
                new Entry("demo", () -> new DemoCommand(session)),
                Entry.group(
                        "testbed",
                        TestbedCommand::new,
                        new Entry("up", () -> new TestbedUpCommand(session)),
                        new Entry("down", () -> new TestbedDownCommand(session)),
                        new Entry("status", () -> new TestbedStatusCommand(session)),
                        new Entry("exec", TestbedExecCommand::new)),
                Entry.group(
                        "node",
                        NodeCommand::new,
                        new Entry("list", () -> new NodeListCommand(session)),
                        new Entry("show", () -> new NodeShowCommand(session)),
                        new Entry("cordon", () -> new NodeCordonCommand(session)),
                        new Entry("uncordon", () -> new NodeUncordonCommand(session)),
                        new Entry("label", () -> new NodeLabelCommand(session)),
                        new Entry("remove", () -> new NodeRemoveCommand(session)),
                        new Entry("revoke", () -> new NodeRevokeCommand(session))),
                Entry.group(
                        "eni",
                        EniCommand::new,
                        new Entry("attach", () -> new EniAttachCommand(session)),
                        new Entry("detach", () -> new EniDetachCommand(session)),
                        new Entry("move", () -> new EniMoveCommand(session)),
                        new Entry("list", () -> new EniListCommand(session)),
                        new Entry("show", () -> new EniShowCommand(session))),
                Entry.group(
                        "vpc",
                        VpcCommand::new,
                        new Entry("create", () -> new VpcCreateCommand(session)),
                        new Entry("list", () -> new VpcListCommand(session)),
                        new Entry("show", () -> new VpcShowCommand(session)),
                        new Entry("explain", () -> new VpcExplainCommand(session)),
                        new Entry("delete", () -> new VpcDeleteCommand(session))),
                Entry.group(
                        "sg",
                        SgCommand::new,
                        new Entry("create", () -> new SgCreateCommand(session)),
                        Entry.group(
                                "rule",
                                SgRuleCommand::new,
                                new Entry("add", () -> new SgRuleAddCommand(session)),
                                new Entry("remove", () -> new SgRuleRemoveCommand(session))),
                        new Entry("apply", () -> new SgApplyCommand(session)),
                        new Entry("list", () -> new SgListCommand(session)),
                        new Entry("show", () -> new SgShowCommand(session)),
                        new Entry("delete", () -> new SgDeleteCommand(session))),
                Entry.group(
                        "audit",
                        () -> new AuditCommand(session),
                        Entry.group(
                                "log",
                                AuditLogCommand::new,
                                new Entry("verify", () -> new AuditLogVerifyCommand(session)))),
                Entry.group("token", TokenCommand::new, new Entry("create", () -> new TokenCreateCommand(session))),
                Entry.group(
                        "root",
                        RootCommand::new,
                        new Entry("list", () -> new RootListCommand(session)),
                        new Entry("rotate", () -> new RootRotateCommand(session)),
                        new Entry("drop", () -> new RootDropCommand(session))),
                Entry.group(
                        "user",
                        UserCommand::new,
                        new Entry("create", () -> new UserCreateCommand(session)),
                        new Entry("list", () -> new UserListCommand(session)),
                        new Entry("revoke", () -> new UserRevokeCommand(session))),
                Entry.group(
                        "cluster", ClusterCommand::new, new Entry("export", () -> new ClusterExportCommand(session))),
                new Entry("create", () -> new CreateCommand(session)),
                new Entry("list", () -> new ListCommand(session)),
                new Entry("show", () -> new ShowCommand(session)),
                new Entry("events", () -> new EventsCommand(session)),
                new Entry("scale", () -> new ScaleCommand(session)),
                new Entry("verify", () -> new VerifyCommand(session)),
                new Entry("mesh", () -> new MeshCommand(session)),
                new Entry("doctor", () -> new DoctorCommand(session)),
                new Entry("run", () -> new RunCommand(session)),
                new Entry("shell", () -> new ShellCommand(session)),
                Entry.group(
                        "job",
                        JobCommand::new,
                        new Entry("list", () -> new JobListCommand(session)),
                        new Entry("show", () -> new JobShowCommand(session)),
                        new Entry("logs", () -> new JobLogsCommand(session)),
                        new Entry("attach", () -> new JobAttachCommand(session)),
                        new Entry("cancel", () -> new JobCancelCommand(session)),
                        new Entry("signal", () -> new JobSignalCommand(session)),
                        new Entry("wait", () -> new JobWaitCommand(session))),
                new Entry("delete", () -> new DeleteCommand(session)),
                new Entry("gc", () -> new GcCommand(session)),
                new Entry("server", ServerCommand::new),
                new Entry("agent", () -> new AgentCommand(session)),
                new Entry("agents", () -> new AgentsCommand(session)),
                new Entry("completion", () -> new CompletionCommand(session)));
    }
}
