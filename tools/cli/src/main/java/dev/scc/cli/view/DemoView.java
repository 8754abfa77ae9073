package dev.scc.cli.view;

import dev.scc.cluster.PhaseTime;
import java.util.List;

/**
 * What the demo did and measured.
 *
 * @param phases in their order
 * @param data where the receipt of its job is
 */
public record DemoView(List<PhaseTime> phases, List<Figure> figures, String data) implements View {
    public DemoView {
        phases = List.copyOf(phases);
        figures = List.copyOf(figures);
    }

    /** A measured value beside what it should be at most, both in {@code unit}. */
    public record Figure(String what, double value, double target, String unit, boolean met) {
        public static Figure atMost(String what, double value, double target, String unit) {
            return new Figure(what, value, target, unit, value <= target);
        }
    }
}
