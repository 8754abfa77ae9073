package dev.scc.vpc;

/** Addresses, networks or numbers that are asked for cannot be had. The message says why, for who has asked. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
        super(message);
    }
}
