package dev.scc.cli.view;

import java.util.List;
import java.util.Locale;

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
     * @param problem why it could not be removed; empty if it was, or if nobody tried
     */
    public record Item(String place, String what, State state, String why, String problem) {}

    /** What became of it. */
    public enum State {
        /** Nobody was to remove it. */
        FOUND,
        REMOVED,
        /** It could not be removed. */
        LEFT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public record Unasked(String node, String why) {}
}
