package dev.scc.testbed;

import dev.scc.host.NativeFiles;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs commands in a guest, through the daemon in it that needs neither an agent nor a login. A command that is killed here,
 * at its deadline for instance, is killed there with its process group.
 */
final class GuestCommands implements Commands {
    /** Exit status when the guest does not answer, or is lost on the way. */
    static final int LOST = 255;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final TestbedName testbed;
    private final TestbedNode node;
    private final Commands local = new LocalCommands();

    GuestCommands(TestbedName testbed, TestbedNode node) {
        this.testbed = testbed;
        this.node = node;
    }

    /** Whether the guest runs commands, found out within {@code connect} if it does not. */
    boolean answers(Duration connect) throws CommandFailed {
        return local.run(Command.of(argv(connect, List.of("true")))).ok();
    }

    /** The local command that runs {@code argv} in the guest, with its own standard streams. */
    List<String> argv(List<String> argv) {
        return argv(CONNECT, argv);
    }

    private List<String> argv(Duration connect, List<String> argv) {
        Path program = NativeFiles.find("guest-exec");
        List<String> client = List.of(
                program.toString(),
                "client",
                testbed.namespace(),
                Long.toString(connect.toMillis()),
                node.control().toString(),
                Integer.toString(TestbedNode.EXEC_PORT));
        return Stream.concat(client.stream(), argv.stream()).toList();
    }

    @Override
    public CommandResult run(Command command) throws CommandFailed {
        List<String> environment = command.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
        List<String> remote = environment.isEmpty()
                ? command.argv()
                : Stream.of(List.of("env"), environment, command.argv())
                        .flatMap(List::stream)
                        .toList();
        CommandResult result =
                local.run(Command.of(argv(remote)).withInput(command.input()).within(command.deadline()));
        if (result.status() == LOST && result.errors().contains("guest-exec: ")) {
            throw new CommandFailed("\"" + String.join(" ", command.argv()) + "\" on " + node.name() + ": "
                    + result.errors().strip());
        }
        return result;
    }
}
