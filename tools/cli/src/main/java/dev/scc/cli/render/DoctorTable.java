package dev.scc.cli.render;

import dev.scc.cli.view.DoctorView;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.Visible;
import java.util.Locale;

/** Findings for people: what is wrong as a table, and below it what mends it, whole, to be copied. */
final class DoctorTable {
    private DoctorTable() {}

    static String of(DoctorView view) {
        StringBuilder text = new StringBuilder();
        if (!view.findings().isEmpty()) {
            Table table = new Table("SEVERITY", "NODE", "RULE", "EVIDENCE");
            view.findings()
                    .forEach(one -> table.row(
                            one.severity().name().toLowerCase(Locale.ROOT), one.node(), one.rule(), one.evidence()));
            text.append(table).append("\nto mend it\n");
            for (Finding one : view.findings()) {
                text.append("  %s: %s%n".formatted(one.node(), Visible.line(one.fix())));
            }
            text.append('\n');
        }
        for (DoctorView.Unasked one : view.unasked()) {
            text.append("not asked: %s: %s%n".formatted(one.node(), Visible.line(one.why())));
        }
        return text.append("%d findings on %d nodes in %s%n"
                        .formatted(view.findings().size(), view.nodes(), Times.of(view.millis())))
                .toString();
    }
}
