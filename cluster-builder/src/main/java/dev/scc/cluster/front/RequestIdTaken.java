package dev.scc.cluster.front;

/** The id belongs to another request. */
public final class RequestIdTaken extends Exception {
    private static final long serialVersionUID = 1L;

    RequestIdTaken(String message) {
        super(message);
    }
}
