package dev.scc.cluster.verify;

/** A member takes part in another verification. Nothing was found out; the message names the node. */
public final class Busy extends Exception {
    private static final long serialVersionUID = 1L;

    Busy(String why) {
        super(why);
    }
}
