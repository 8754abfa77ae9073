package dev.scc.cluster;

/**
 * A request as it stands in the tree. Never changed.
 *
 * @param caller who asks, as the server that took it knows
 * @param at when that server took it, by its clock, in milliseconds since 1970
 */
public record RequestRecord(Request request, String caller, long at) {
    /** Who asks on a connection on which certificates do not count. */
    public static final String UNPROVEN = "unknown";
}
