package dev.scc.cluster.client;

/** A server does not do that for this caller. The message says why. */
public final class NotEntitled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotEntitled(String message) {
        super(message);
    }
}
