package dev.scc.cluster;

/** What somebody may want to do to an entry of the tree. */
public enum TreeAction {
    /** Its text, and the names right below it. */
    READ,
    CREATE,
    WRITE,
    DELETE,
    /** Say who may do what to it. */
    SET_ACCESS
}
