package dev.scc.fabric.port;

/** A switch port could not be set. The message says why. */
public final class PortFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public PortFailed(String why, Throwable cause) {
        super(why, cause);
    }
}
