package dev.scc.fabric.verbs;

/** A probe that did not get what it expected. */
final class ProbeFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;
    private final Kind kind;

    private enum Kind {
        NOBODY_THERE,
        TURNED_AWAY,
        OTHER
    }

    ProbeFailed(String why) {
        this(why, Kind.OTHER);
    }

    private ProbeFailed(String why, Kind kind) {
        super(why);
        this.why = why;
        this.kind = kind;
    }

    /** Nobody on the segment answers for the partner's address: its kernel would, even before its prober has begun. */
    static ProbeFailed nobodyThere(String why) {
        return new ProbeFailed(why, Kind.NOBODY_THERE);
    }

    /** The partner's device is reached, and nobody listens there. */
    static ProbeFailed turnedAway(String why) {
        return new ProbeFailed(why, Kind.TURNED_AWAY);
    }

    boolean isNobodyThere() {
        return kind == Kind.NOBODY_THERE;
    }

    boolean isTurnedAway() {
        return kind == Kind.TURNED_AWAY;
    }

    /** The reason that the result carries. */
    String why() {
        return why;
    }
}
