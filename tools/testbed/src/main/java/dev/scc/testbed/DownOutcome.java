package dev.scc.testbed;

import java.util.List;

/**
 * How {@link Testbed#down} ended.
 *
 * @param removed what was taken away; empty if nothing was there
 * @param left what could not be taken away, each with the reason; empty if nothing is left
 */
public record DownOutcome(List<String> removed, List<String> left) {
    public DownOutcome {
        removed = List.copyOf(removed);
        left = List.copyOf(left);
    }

    public boolean clean() {
        return left.isEmpty();
    }
}
