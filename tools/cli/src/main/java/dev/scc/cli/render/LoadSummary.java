package dev.scc.cli.render;

import dev.scc.cluster.view.LoadView;
import java.util.List;
import java.util.Locale;

/** What a load showed, in one line. */
public final class LoadSummary {
    private LoadSummary() {}

    /** Such as {@code 4 flows in 1 round kept 0.31 to 0.52 of their unloaded bandwidth, median 0.44}. */
    public static String of(LoadView load) {
        long rounds =
                load.flows().stream().map(LoadView.FlowRow::round).distinct().count();
        long broken = load.flows().stream().filter(flow -> !flow.ok()).count();
        List<Double> ratios = load.flows().stream()
                .map(LoadView.FlowRow::ratio)
                .filter(ratio -> ratio > 0)
                .sorted()
                .toList();
        String flows = count(load.flows().size(), "flow") + " in " + count(rounds, "round");
        String kept = ratios.isEmpty()
                ? "; of none is the unloaded bandwidth known"
                : String.format(
                        Locale.ROOT,
                        " kept %.2f to %.2f of their unloaded bandwidth, median %.2f",
                        ratios.getFirst(),
                        ratios.getLast(),
                        ratios.get(ratios.size() / 2));
        return flows + kept + (broken > 0 ? "; " + broken + " failed" : "");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
