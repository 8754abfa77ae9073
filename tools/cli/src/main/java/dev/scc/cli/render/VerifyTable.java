package dev.scc.cli.render;

import dev.scc.cluster.view.LoadView;
import dev.scc.cluster.view.VerifyView;
import dev.scc.host.Visible;
import java.util.Locale;

/** A verification for people: a row for each pair, what explains the bad ones, and what has changed. */
final class VerifyTable {
    private VerifyTable() {}

    static String of(VerifyView view) {
        Table table = new Table("A", "B", "RESULT", "LATENCY P50", "P99", "WRITE MB/S", "READ MB/S");
        for (VerifyView.Pair pair : view.pairs()) {
            table.row(
                    pair.a(),
                    pair.b(),
                    pair.ok() ? "ok" : "FAILED: " + pair.why(),
                    pair.ok() ? "%.0f us".formatted(pair.latencyMicros().p50()) : "",
                    pair.ok() ? "%.0f us".formatted(pair.latencyMicros().p99()) : "",
                    pair.ok() ? String.format(Locale.ROOT, "%.1f", pair.writeMBps()) : "",
                    pair.ok() ? String.format(Locale.ROOT, "%.1f", pair.readMBps()) : "");
        }
        long passed = view.pairs().stream().filter(VerifyView.Pair::ok).count();
        String summary =
                "\n%d of %d pairs passed in %s%n".formatted(passed, view.pairs().size(), Times.of(view.millis()));
        String suspects =
                view.suspects().isEmpty() ? "" : "suspects: " + Visible.line(String.join("; ", view.suspects())) + "\n";
        String vpc = view.vpc().map(VpcText::of).orElse("");
        return table
                + summary
                + suspects
                + vpc
                + view.load().map(VerifyTable::load).orElse("")
                + comparison(view);
    }

    private static String load(LoadView load) {
        Table table = new Table("ROUND", "FROM", "TO", "RESULT", "LOADED MB/S", "UNLOADED MB/S", "RATIO");
        for (LoadView.FlowRow flow : load.flows()) {
            table.row(
                    flow.round() + 1,
                    flow.from(),
                    flow.to(),
                    flow.ok() ? "ok" : "FAILED: " + flow.why(),
                    flow.ok() ? String.format(Locale.ROOT, "%.1f", flow.writeMBps()) : "",
                    flow.unloadedMBps() > 0 ? String.format(Locale.ROOT, "%.1f", flow.unloadedMBps()) : "",
                    flow.ratio() > 0 ? String.format(Locale.ROOT, "%.2f", flow.ratio()) : "");
        }
        return "\nunder load: " + load.load() + "\n" + table + LoadSummary.of(load) + "\n";
    }

    private static String comparison(VerifyView view) {
        if (view.comparison().isEmpty()) {
            return "";
        }
        VerifyView.Comparison compared = view.comparison().get();
        String since = (compared.baseline() ? "baseline of " : "verification of ") + compared.at();
        if (compared.differences().isEmpty()) {
            return "no pair differs from the " + since + "\n";
        }
        Table table = new Table("A", "B", "FIGURE", "WAS", "NOW", "CHANGE");
        compared.differences()
                .forEach(difference -> table.row(
                        difference.a(),
                        difference.b(),
                        difference.figure().name().toLowerCase(Locale.ROOT),
                        difference.was(),
                        difference.now(),
                        difference.worse() ? "worse" : "better"));
        return "\nsince the " + since + "\n" + table;
    }
}
