package dev.scc.cluster.tree;

import dev.scc.host.Bounds;

/**
 * What is known of an entry without its text.
 *
 * @param bytes of its text
 * @param children how many entries are right below it
 * @param access what its access list means
 * @param accessList the list itself, in ZooKeeper's words; cut if it is long
 */
public record EntryFacts(int bytes, int children, Life life, Access access, String accessList) {
    private static final int LONGEST_LIST = 200;

    public EntryFacts {
        accessList = Bounds.cut(accessList, LONGEST_LIST);
    }

    /** With what an entry goes by itself. */
    public enum Life {
        /** With nothing. */
        PERSISTENT,
        /** With the session that made it. */
        SESSION,
        /** With its last child, or with time: ways of ZooKeeper's that scc has no use for. */
        OTHER
    }

    /** What an access list means. */
    public enum Access {
        /** That the table of entries decides, and nothing else. */
        TABLE,
        /** Everybody may do something. */
        OPEN,
        /** Something that nobody of scc's writes. */
        OTHER
    }
}
