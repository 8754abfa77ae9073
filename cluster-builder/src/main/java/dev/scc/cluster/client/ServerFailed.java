package dev.scc.cluster.client;

/** A server has understood, tried, and failed. The message says why. */
public final class ServerFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ServerFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
