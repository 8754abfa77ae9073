package dev.scc.simulation;

/** The finding of a simulation. An error, so that nothing that is simulated catches it. */
final class BrokenPromise extends Error {
    private static final long serialVersionUID = 1L;

    BrokenPromise(String promise, String how) {
        super(promise + ": " + how);
    }

    BrokenPromise(String promise, String how, Throwable cause) {
        super(promise + ": " + how, cause);
    }
}
