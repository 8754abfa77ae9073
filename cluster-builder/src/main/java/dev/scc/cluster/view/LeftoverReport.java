package dev.scc.cluster.view;

import dev.scc.host.NodeName;
import java.util.List;

/**
 * What was found in the pool that bears our mark and belongs to nothing.
 *
 * @param unasked nodes that could not be asked
 */
public record LeftoverReport(List<Item> items, List<Unasked> unasked) {
    public LeftoverReport {
        items = List.copyOf(items);
        unasked = List.copyOf(unasked);
    }

    /**
     * One of them.
     *
     * @param place {@code tree}, or a node's name
     * @param problem why it could not be removed; empty if it was, or if nobody tried
     */
    public record Item(String place, String what, String why, String problem) {}

    public record Unasked(NodeName node, String why) {}
}
