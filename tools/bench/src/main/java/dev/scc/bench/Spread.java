package dev.scc.bench;

import java.util.List;
import java.util.Locale;

/** A median and what lies around it. */
record Spread(double lowest, double median, double highest) {

    /** @param values at least one */
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return new Spread(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", median, lowest, highest);
    }
}
