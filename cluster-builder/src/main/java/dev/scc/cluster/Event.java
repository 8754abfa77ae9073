package dev.scc.cluster;

import java.util.Locale;

/**
 * Something that happened in the pool, written by the controller together with what it did.
 *
 * @param at in milliseconds since 1970, by the clock of the server that led then
 * @param epoch in which it happened
 * @param name of what it happened to; several nodes are a list such as {@code n[1-3]}, or their number
 * @param what in words, with the reason
 */
public record Event(long at, long epoch, Kind kind, String name, String what) {

    /** What it happened to. */
    public enum Kind {
        CLUSTER,
        NODE,
        SERVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
