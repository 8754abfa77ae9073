package dev.scc.cluster.client;

/** No server answers. Whether a request that was under way took effect is unknown; asking again with its id tells. */
public final class ServerUnreachable extends Exception {
    private static final long serialVersionUID = 1L;

    public ServerUnreachable(String message) {
        super(message);
    }

    public ServerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
