package dev.scc.cli.render;

import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.view.TreeReport;
import dev.scc.host.Visible;

/** Audits for people. */
final class AuditTables {
    private static final int SERVER_SHOWN = 8;

    private AuditTables() {}

    static String list(AuditList list) {
        Table table = new Table("TIME", "LOG", "WHO", "FROM", "METHOD", "ABOUT", "ENDING", "WHY", "LEFT OUT");
        list.entries()
                .forEach(row -> table.row(
                        row.at(),
                        log(row.server()),
                        row.who(),
                        row.from(),
                        row.method(),
                        row.about(),
                        row.ending(),
                        row.why(),
                        row.leftOut()));
        return table.toString();
    }

    /** Of a server the beginning of what the tree knows it by. */
    private static String log(String whose) {
        return whose.indexOf(':') >= 0 || whose.length() <= SERVER_SHOWN ? whose : whose.substring(0, SERVER_SHOWN);
    }

    static String tree(TreeReport report) {
        Table table = new Table("PATH", "FOUND", "WHY");
        report.findings().forEach(row -> table.row(row.path(), row.kind(), row.why()));
        String found = report.findings().isEmpty() ? "" : table + "\n";
        String left = report.more() > 0 ? "and " + report.more() + " more\n" : "";
        String guard = report.guarded()
                ? ""
                : "NOT GUARDED: this ZooKeeper is somebody else's, and whomever it lets in may change everything\n";
        return found + left + report.entries() + " entries, "
                + (report.findings().size() + report.more()) + " findings\n" + guard;
    }

    static String report(AuditReport report) {
        Table table = new Table("LOG", "ENTRIES", "NOT ENTITLED", "STATE");
        StringBuilder broken = new StringBuilder();
        report.servers().forEach(row -> {
            if (!row.asked()) {
                table.row(row.server(), "", "", "not read: " + row.why());
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
