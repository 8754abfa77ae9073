package dev.scc.fabric.port;

import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the operator's program set switch ports: {@code PROGRAM allow NODE VLAN ADDRESS} or {@code PROGRAM close NODE}, with the
 * controller's fencing number in {@code SCC_EPOCH}. Exit status 0 means that the port is so now; with any other one the last lines
 * of standard error are the reason. It may be called for several nodes at a time, and again for what is so already. Thread-safe.
 */
public final class CommandPort implements SwitchPort {
    /** Then it is killed. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(CommandPort.class);

    private final Commands commands;
    private final Path program;
    private final boolean dryRun;

    /** @param dryRun whether it is only logged what would be run */
    public CommandPort(Commands commands, Path program, boolean dryRun) {
        this.commands = commands;
        this.program = program;
        this.dryRun = dryRun;
    }

    @Override
    public void set(NodeName node, Optional<Allowed> allowed, long epoch) throws PortFailed {
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        if (allowed.isPresent()) {
            argv.addAll(List.of(
                    "allow",
                    node.value(),
                    allowed.get().vlan().toString(),
                    allowed.get().address().toString()));
        } else {
            argv.addAll(List.of("close", node.value()));
        }
        if (dryRun) {
            log.atInfo().addKeyValue("command", String.join(" ", argv)).log("switch port would be set");
            return;
        }
        try {
            commands.check(Command.of(argv)
                    .withEnvironment(Map.of("SCC_EPOCH", String.valueOf(epoch)))
                    .within(DEADLINE));
        } catch (CommandFailed e) {
            throw new PortFailed(String.valueOf(e.getMessage()), e);
        }
        log.atInfo().addKeyValue("command", String.join(" ", argv)).log("switch port is set");
    }
}
