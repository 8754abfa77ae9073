package dev.scc.cli.command;

import dev.scc.cli.daemon.Keepers;
import dev.scc.cluster.audit.AuditChain;
import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.view.AuditReport;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The audit logs in an agent's data directory: its own, and that of its keeper of jobs if it had one. */
final class NodeAuditLogs {
    private NodeAuditLogs() {}

    /** @throws UserMistake if there is none, or one cannot be read */
    static AuditReport verify(Path data) {
        List<AuditReport.Row> rows = new ArrayList<>();
        for (Path state : List.of(data, Keepers.directory(data))) {
            Path directory = state.resolve(NodeAudit.DIRECTORY);
            try {
                AuditChain.Finding found = AuditChain.checkAlone(directory);
                rows.add(AuditReport.Row.read(directory.toString(), found.entries(), found.refused(), found.broken()));
            } catch (NoSuchFileException e) {
                // Every agent has one; a keeper has one as soon as it has run.
                if (state.equals(data)) {
                    throw new UserMistake(directory + " is not there: --data names an agent's data directory");
                }
            } catch (IOException e) {
                throw new UserMistake("cannot read the audit log in " + directory + ": " + e.getMessage());
            }
        }
        return new AuditReport(rows);
    }
}
