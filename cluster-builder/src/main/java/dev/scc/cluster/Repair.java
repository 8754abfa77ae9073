package dev.scc.cluster;

import java.util.List;

/**
 * Something of ours on a node that somebody else had changed, and that its agent has made as it was.
 *
 * @param at in milliseconds since 1970, by the node's clock
 * @param what such as {@code link:eni0}
 */
public record Repair(long at, List<String> what) {
    private static final int SHOWN = 3;

    public Repair {
        what = List.copyOf(what);
    }

    /** Such as {@code link:eni0, addr:eni0/172.16.0.1 and 2 more}. */
    public String words() {
        String first = String.join(", ", what.stream().limit(SHOWN).toList());
        return what.size() > SHOWN ? first + " and " + (what.size() - SHOWN) + " more" : first;
    }
}
