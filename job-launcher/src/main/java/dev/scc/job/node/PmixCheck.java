package dev.scc.job.node;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this machine has what {@code scc-pmix} needs: the PMIx library that Open MPI brings along. Thread-safe. */
final class PmixCheck {
    private static final Logger log = LoggerFactory.getLogger(PmixCheck.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    /** Passed once is passed: what is missing may be installed while this process runs. */
    private static final Map<Path, Boolean> PASSED = new ConcurrentHashMap<>();

    private PmixCheck() {}

    static boolean passes(Path server) {
        if (PASSED.containsKey(server)) {
            return true;
        }
        try {
            Command command = Command.of(server.toString(), "--check").within(DEADLINE);
            CommandResult result = new LocalCommands().run(command);
            if (result.ok()) {
                PASSED.put(server, true);
            } else {
                log.atDebug().addKeyValue("why", result.errors()).log("no PMIx for ranks here");
            }
            return result.ok();
        } catch (CommandFailed e) {
            log.atDebug().setCause(e).log("no PMIx for ranks here");
            return false;
        }
    }
}
