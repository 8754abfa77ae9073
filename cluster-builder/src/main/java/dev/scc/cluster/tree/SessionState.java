package dev.scc.cluster.tree;

/** Where this side's session with the tree stands. */
public enum SessionState {
    /** It lives, as far as anyone can know. */
    CONNECTED,
    /** The connection is down; the session may be alive still. Stop acting. */
    SUSPENDED,
    /** It must be taken for dead, and all that it owned for gone. */
    LOST
}
