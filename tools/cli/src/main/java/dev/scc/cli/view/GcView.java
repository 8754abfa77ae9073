package dev.scc.cli.view;

import java.util.List;

/**
 * What bears our mark and belongs to nothing.
 *
 * @param unasked nodes that could not be asked
 */
public record GcView(boolean dryRun, List<Item> items, List<Unasked> unasked) implements View {
    public GcView {
        items = List.copyOf(items);
        unasked = List.copyOf(unasked);
    }

    /**
     * One of them.
     *
     * @param place {@code tree}, a node's name, or {@code this machine}
     * @param state {@code found} if nobody was to remove it, else {@code removed} or {@code left}
     * @param problem why it could not be removed; empty if it was, or if nobody tried
     */
    public record Item(String place, String what, String state, String why, String problem) {}

    public record Unasked(String node, String why) {}
}
