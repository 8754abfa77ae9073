package dev.scc.cluster.trust;

/** The program that has the roots' keys has not signed; the message says why. */
public final class SigningFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SigningFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
