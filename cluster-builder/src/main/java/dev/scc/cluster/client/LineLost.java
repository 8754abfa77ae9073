package dev.scc.cluster.client;

/** A server does not answer, or not any more. Another may. */
public final class LineLost extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean silent;

    private LineLost(String message, boolean silent) {
        super(message);
        this.silent = silent;
    }

    /** The connection broke, or was never there. */
    public static LineLost broken(String why) {
        return new LineLost(why, false);
    }

    /** Nothing came for as long as was to be waited. */
    public static LineLost silent(String why) {
        return new LineLost(why, true);
    }

    boolean silent() {
        return silent;
    }
}
