package dev.scc.simulation.zk;

/** The session has been closed or has expired: nothing is done for it any more, and its ephemeral entries are gone. */
public final class SessionGone extends Exception {
    private static final long serialVersionUID = 1L;

    SessionGone(long session) {
        super("session " + session + " is over");
    }
}
