package dev.scc.fabric.verbs;

/** A probe that did not get what it expected. */
final class ProbeFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;
    private final boolean nobodyThere;

    ProbeFailed(String why) {
        this(why, false);
    }

    private ProbeFailed(String why, boolean nobodyThere) {
        super(why);
        this.why = why;
        this.nobodyThere = nobodyThere;
    }

    /** Nobody on the segment answers for the partner's address: its kernel would, even before its prober has begun. */
    static ProbeFailed nobodyThere(String why) {
        return new ProbeFailed(why, true);
    }

    boolean isNobodyThere() {
        return nobodyThere;
    }

    /** The reason that the result carries. */
    String why() {
        return why;
    }
}
