package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.view.AuditReport;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scc audit log verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check that no entry of the servers' audit logs was changed, put in or taken out: each has the hash of the one before,"
                    + " and the tree has the hash of the last. For administrators.",
            "With --node or --all the logs too that agents and keepers of jobs keep on nodes: whom they have refused, and what people"
                    + " did with jobs. A server reads them through the agents, and checks them. Their ends are noted nowhere, so what"
                    + " is missing there does not show. With --data those in a directory of this machine; no server is asked.",
            "Exits with 1 if one was changed, with 3 if a server of whose log the tree knows was not asked, with 4 if a node was not"
                    + " read."
        },
        footer = {
            "",
            "Examples:",
            "  scc --server s1,s2,s3 audit log verify",
            "  scc audit log verify --node n[1-8]",
            "  scc -o json audit log verify --all",
            "  scc audit log verify --data /var/lib/scc/agent"
        })
final class AuditLogVerifyCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Session session;

    @Option(names = "--data", paramLabel = "DIR", description = "An agent's data directory; no server is asked.")
    @Nullable
    Path data;

    @Mixin
    AuditedNodes logs = new AuditedNodes();

    /** Whether it is a server that was not asked. */
    private boolean unasked;

    AuditLogVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        logs.check();
        if (data != null && logs.some()) {
            throw new UserMistake("--data asks no server: leave --node and --all out, or --data");
        }
        AuditReport report = data == null ? asked() : NodeAuditLogs.verify(data);
        session.printer().answer(report);
        if (report.whole()) {
            return ExitStatus.DONE.code();
        }
        boolean broken = report.servers().stream().anyMatch(row -> !row.broken().isEmpty());
        return (broken ? ExitStatus.FAILED : unasked ? ExitStatus.UNREACHABLE : ExitStatus.SOME_NODES_FAILED).code();
    }

    private AuditReport asked() throws Exception {
        AuditClient client = Pool.audit(session.options(), PATIENCE);
        List<NodeName> nodes = logs.names(client);
        AuditReport servers = logs.servers() ? client.verify() : new AuditReport(List.of());
        unasked = servers.servers().stream().anyMatch(row -> !row.asked());
        return servers.and(client.verify(nodes));
    }
}
