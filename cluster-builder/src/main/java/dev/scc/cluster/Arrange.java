package dev.scc.cluster;

import java.util.Locale;

/**
 * How a cluster's nodes lie in the pool.
 *
 * @param label by which nodes are told apart, such as {@code rack} or {@code switch}; a node without it is not taken
 */
public record Arrange(How how, String label) {
    public Arrange {
        if (label.isBlank()) {
            throw new IllegalArgumentException("a label is needed to " + how + " by, such as rack");
        }
    }

    /** Apart or together. */
    public enum How {
        /** As evenly as possible over the label's values. */
        SPREAD,
        /** On as few of the label's values as possible. */
        PACK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
