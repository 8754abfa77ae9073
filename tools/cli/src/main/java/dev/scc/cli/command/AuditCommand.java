package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.view.TreeReport;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Compare all entries of the servers' tree with the table of who writes what: those that no row knows, that bear"
                    + " another access list or none, that live longer or shorter than they have to, are too large, or cannot be"
                    + " read. Nothing is changed. For administrators.",
            "Exits with 1 if something was found. A ZooKeeper of somebody else's (scc server --zookeeper) is compared too, but"
                    + " nothing guards its entries; the answer says so."
        },
        footer = {"", "Examples:", "  scc audit", "  scc -o json audit", "  scc audit log verify"})
final class AuditCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Session session;

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        TreeReport report = Pool.audit(session.options(), PATIENCE).tree();
        session.printer().answer(report);
        return (report.findings().isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }
}
