package dev.scc.cluster.tree;

/**
 * No answer: the connection is down, or broke while waiting, or the session has ended. Whether a transaction took effect is
 * <em>unknown</em> and must be read back.
 */
public final class ConnectionLost extends Exception {
    private static final long serialVersionUID = 1L;

    public ConnectionLost(String message, Throwable cause) {
        super(message, cause);
    }
}
