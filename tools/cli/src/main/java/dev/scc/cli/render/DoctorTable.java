package dev.scc.cli.render;

import dev.scc.cli.view.DoctorView;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.Visible;
import java.util.List;
import java.util.Locale;

/** Findings for people: what is wrong as a table, and below it what mends it, whole, to be copied. */
final class DoctorTable {
    private DoctorTable() {}

    /** Both, with an empty line at the end; nothing if there are no findings. */
    static String of(List<Finding> findings) {
        if (findings.isEmpty()) {
            return "";
        }
        Table table = new Table("SEVERITY", "NODE", "RULE", "EVIDENCE");
        findings.forEach(one ->
                table.row(one.severity().name().toLowerCase(Locale.ROOT), one.node(), one.rule(), one.evidence()));
        StringBuilder text = new StringBuilder().append(table).append("\nto mend it\n");
        for (Finding one : findings) {
            text.append("  %s: %s%n".formatted(one.node(), Visible.line(one.fix())));
        }
        return text.append('\n').toString();
    }

    static String of(DoctorView view) {
        StringBuilder text = new StringBuilder(of(view.findings()));
        for (DoctorView.Unasked one : view.unasked()) {
            text.append("not asked: %s: %s%n".formatted(one.node(), Visible.line(one.why())));
        }
        return text.append("%d findings on %d nodes in %s%n"
                        .formatted(view.findings().size(), view.nodes(), Times.of(view.millis())))
                .toString();
    }
}
