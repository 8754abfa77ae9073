package dev.scc.cli.render;

import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.host.Visible;

/** Audit logs for people. */
final class AuditTables {
    private AuditTables() {}

    static String list(AuditList list) {
        Table table = new Table("TIME", "WHO", "FROM", "METHOD", "ABOUT", "ENDING", "WHY", "LEFT OUT");
        list.entries()
                .forEach(row -> table.row(
                        row.at(),
                        row.who(),
                        row.from(),
                        row.method(),
                        row.about(),
                        row.ending(),
                        row.why(),
                        row.leftOut()));
        return table.toString();
    }

    static String report(AuditReport report) {
        Table table = new Table("SERVER", "ENTRIES", "NOT ENTITLED", "STATE");
        StringBuilder broken = new StringBuilder();
        report.servers().forEach(row -> {
            if (!row.asked()) {
                table.row(row.server(), "", "", "not asked: --server names all servers");
                return;
            }
            table.row(row.server(), row.entries(), row.refused(), row.broken().isEmpty() ? "whole" : "BROKEN");
            row.broken()
                    .forEach(what -> broken.append("  ")
                            .append(row.server())
                            .append(": ")
                            .append(Visible.line(what))
                            .append('\n'));
        });
        return broken.isEmpty() ? table.toString() : table + "\nbroken\n" + broken;
    }
}
