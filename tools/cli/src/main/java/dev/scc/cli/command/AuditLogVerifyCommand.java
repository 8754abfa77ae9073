package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.view.AuditReport;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc audit log verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check that no entry of the servers' audit logs was changed, put in or taken out: each has the hash of the one before,"
                    + " and the tree has the hash of the last. For administrators.",
            "Exits with 1 if one was, with 3 if a server of whose log the tree knows was not asked."
        },
        footer = {"", "Example:", "  scc --server s1,s2,s3 audit log verify"})
final class AuditLogVerifyCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Session session;

    AuditLogVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        AuditReport report = Pool.audit(session.options(), PATIENCE).verify();
        session.printer().answer(report);
        if (report.whole()) {
            return ExitStatus.DONE.code();
        }
        boolean broken = report.servers().stream().anyMatch(row -> !row.broken().isEmpty());
        return (broken ? ExitStatus.FAILED : ExitStatus.UNREACHABLE).code();
    }
}
