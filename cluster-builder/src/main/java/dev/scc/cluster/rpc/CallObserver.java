package dev.scc.cluster.rpc;

/** Learns of the calls that a process serves, and of those who do not get as far as a call. */
@FunctionalInterface
public interface CallObserver {
    /** Hears nothing. */
    CallObserver NOBODY = _ -> {};

    /** A call has ended; its caller learns of it afterwards. */
    void ended(EndedCall call);

    /** A connection was refused. On a thread that must not be held up for long. */
    default void refused(RefusedConnection connection) {}
}
