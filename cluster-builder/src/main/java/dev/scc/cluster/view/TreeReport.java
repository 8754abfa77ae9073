package dev.scc.cluster.view;

import java.util.List;

/**
 * How the entries of a tree differ from the table of who writes what.
 *
 * @param entries that were looked at
 * @param guarded whether ZooKeeper keeps to the table; if not, whoever reaches it may change everything
 * @param findings the first of them, in the order of their paths
 * @param more findings of which nothing else is told
 */
public record TreeReport(long entries, boolean guarded, List<Row> findings, long more) implements PoolView {
    public TreeReport {
        findings = List.copyOf(findings);
    }

    /** What is wrong with an entry. */
    public enum Kind {
        /** No row of the table knows it, or nothing of ours can have that name. */
        UNKNOWN,
        /** Its access list is not the one that stands for the table. */
        ACCESS,
        /** It goes with a session and is meant to stay, or the other way round. */
        LIFETIME,
        /** It is larger than an entry of its kind may be. */
        SIZE,
        /** Its text cannot be understood. */
        TEXT,
        /** More is below it than can be listed; nothing of that was looked at. */
        CROWD
    }

    /** One deviation. */
    public record Row(String path, Kind kind, String why) {}
}
