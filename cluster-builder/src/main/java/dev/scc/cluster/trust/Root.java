package dev.scc.cluster.trust;

import java.util.Locale;

/** One of the two authorities of a pool. What one of them has signed counts nothing where the other is asked for. */
public enum Root {
    /** Of servers: their ensemble trusts nothing else. */
    SERVERS,
    /** Of nodes, keepers and people. */
    MEMBERS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
