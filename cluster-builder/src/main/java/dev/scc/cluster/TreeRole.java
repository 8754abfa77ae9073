package dev.scc.cluster;

/** Who writes to the tree. */
public enum TreeRole {
    /** Of all controllers the one that began the latest epoch. */
    CONTROLLER("controller"),
    /** The agent of the node that the path names, or of the one that leads the job. */
    AGENT("that agent"),
    /** The server that took a client's call. */
    SERVER("the server that took it");

    private final String title;

    TreeRole(String title) {
        this.title = title;
    }

    /** As the documentation has it. */
    @Override
    public String toString() {
        return title;
    }
}
