package dev.scc.cluster.client;

/** No outcome in time. The request stays: the controller goes on with it. */
public final class TimedOut extends Exception {
    private static final long serialVersionUID = 1L;

    public TimedOut(String message) {
        super(message);
    }
}
