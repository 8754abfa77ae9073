package dev.scc.cluster;

import java.util.Locale;

/** What becomes of a cluster when building it fails on a node. */
public enum OnFailure {
    /** Everything is undone on all nodes; the cluster is gone. */
    ROLLBACK,
    /** Another node takes the failed one's place. */
    REPLACE,
    /** What was built stays, for a human to look at; the cluster is {@link ClusterPhase#FAILED}. */
    KEEP;

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
