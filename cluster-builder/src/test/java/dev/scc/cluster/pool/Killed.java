package dev.scc.cluster.pool;

/** The process ends here, between two instructions: no handler of the code under test catches this. */
final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String where) {
        super("killed " + where);
    }
}
