package dev.scc.cli.render;

import dev.scc.cluster.VpcSummary;
import dev.scc.host.Visible;

/** What probes in a VPC showed, for people: a line, and one for each path that failed. */
final class VpcText {
    private VpcText() {}

    /** Ends with a line feed; empty if nothing was probed. */
    static String of(VpcSummary vpc) {
        if (vpc.paths() == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder("vpc paths     %d of %d passed%s%n"
                .formatted(vpc.passed(), vpc.paths(), vpc.mtu() == 0 ? "" : ", " + vpc.mtu() + " bytes"));
        vpc.failed()
                .forEach(path -> text.append("  failed      ")
                        .append(path.a() + " - " + path.b() + ": " + Visible.line(path.why()) + "\n"));
        if (!vpc.suspects().isEmpty()) {
            text.append("  suspects    ")
                    .append(Visible.line(String.join(", ", vpc.suspects())))
                    .append('\n');
        }
        return text.toString();
    }
}
