package dev.scc.cluster.tree;

/** A transaction that did not fit the tree: nothing of it has taken effect. */
public final class Conflict extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why an operation does not fit. */
    public enum Why {
        ALREADY_THERE,
        NOT_THERE,
        OTHER_VERSION,
        HAS_CHILDREN
    }

    private final int index;
    private final String path;
    private final Why why;

    public Conflict(int index, Op op, Why why) {
        super("operation " + index + " (" + op.getClass().getSimpleName() + " " + op.path() + ") does not fit: " + why);
        this.index = index;
        this.path = op.path();
        this.why = why;
    }

    /** Position of the operation that does not fit, from 0. */
    public int index() {
        return index;
    }

    public Why why() {
        return why;
    }

    /** For people, such as {@code /scc/rosters/demo is there already}. */
    public String words() {
        return path
                + switch (why) {
                    case ALREADY_THERE -> " is there already";
                    case NOT_THERE -> " is not there";
                    case OTHER_VERSION -> " has changed";
                    case HAS_CHILDREN -> " has entries below it";
                };
    }
}
