package dev.scc.cluster;

import dev.scc.host.Bounds;
import java.util.List;

/**
 * Something of ours on a node that somebody else had changed, and that its agent has made as it was.
 *
 * @param at in milliseconds since 1970, by the node's clock
 * @param what such as {@code link:eni0}
 */
public record Repair(long at, List<String> what) {
    private static final int SHOWN = 3;
    private static final int MOST = 20;
    private static final int LONGEST = 100;

    public Repair {
        Bounds.within("at", at, 0, Long.MAX_VALUE);
        what = Bounds.cut(what, MOST, LONGEST);
    }

    /** Such as {@code link:eni0, addr:eni0/172.16.0.1 and 2 more}. */
    public String words() {
        String first = String.join(", ", what.stream().limit(SHOWN).toList());
        return what.size() > SHOWN ? first + " and " + (what.size() - SHOWN) + " more" : first;
    }
}
