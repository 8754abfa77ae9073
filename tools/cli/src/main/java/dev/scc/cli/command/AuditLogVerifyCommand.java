package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.view.AuditReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc audit log verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check that no entry of the servers' audit logs was changed, put in or taken out: each has the hash of the one before,"
                    + " and the tree has the hash of the last. For administrators.",
            "With --data the logs that an agent and its keeper of jobs keep on this machine: whom they have refused. Their ends are noted"
                    + " nowhere, so what is missing there does not show.",
            "Exits with 1 if one was, with 3 if a server of whose log the tree knows was not asked."
        },
        footer = {
            "",
            "Examples:",
            "  scc --server s1,s2,s3 audit log verify",
            "  scc audit log verify --data /var/lib/scc/agent"
        })
final class AuditLogVerifyCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Session session;

    @Option(names = "--data", paramLabel = "DIR", description = "An agent's data directory; no server is asked.")
    @Nullable
    Path data;

    AuditLogVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        AuditReport report =
                data == null ? Pool.audit(session.options(), PATIENCE).verify() : NodeAuditLogs.verify(data);
        session.printer().answer(report);
        if (report.whole()) {
            return ExitStatus.DONE.code();
        }
        boolean broken = report.servers().stream().anyMatch(row -> !row.broken().isEmpty());
        return (broken ? ExitStatus.FAILED : ExitStatus.UNREACHABLE).code();
    }
}
