package dev.scc.fabric.verify;

/** Verbs cannot be used here; nothing is known about the fabric. The message says why. */
public final class CannotVerify extends Exception {
    private static final long serialVersionUID = 1L;

    public CannotVerify(String why) {
        super(why);
    }

    public CannotVerify(String why, Throwable cause) {
        super(why, cause);
    }
}
