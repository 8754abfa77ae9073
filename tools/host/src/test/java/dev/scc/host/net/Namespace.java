package dev.scc.host.net;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import java.util.concurrent.ThreadLocalRandom;

/** A network namespace of its own for a test, with a random name; gone when closed. */
final class Namespace implements AutoCloseable, Commands {
    private final LocalCommands machine = new LocalCommands();
    private final String name =
            "scc-host-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final NetworkNamespace network = NetworkNamespace.named(name);
    private final Commands inside = network.commands();

    Namespace() throws CommandFailed {
        CommandResult made = machine.run(Command.of("ip", "netns", "add", name));
        if (!made.ok()) {
            missing("network namespaces cannot be made: " + made.errors().strip());
        }
        check(Command.of("ip", "link", "set", "lo", "up"));
    }

    /** In CI a missing capability is a failure; elsewhere the test is skipped, saying why. */
    static void missing(String why) {
        if ("true".equals(System.getenv("CI"))) {
            fail(why);
        }
        System.out.println("skipped: " + why);
        abort(why);
    }

    NetworkNamespace network() {
        return network;
    }

    @Override
    public CommandResult run(Command command) throws CommandFailed {
        return inside.run(command);
    }

    String say(String line) throws CommandFailed {
        return check(Command.of(line.split(" ")));
    }

    @Override
    public void close() throws CommandFailed {
        machine.check(Command.of("ip", "netns", "del", name));
    }
}
