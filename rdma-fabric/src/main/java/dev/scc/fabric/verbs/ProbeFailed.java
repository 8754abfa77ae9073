package dev.scc.fabric.verbs;

/** A probe that did not get what it expected. */
final class ProbeFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    ProbeFailed(String why) {
        super(why);
        this.why = why;
    }

    /** The reason that the result carries. */
    String why() {
        return why;
    }
}
