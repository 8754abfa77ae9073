package dev.scc.cluster.rpc;

/** Learns of the calls that a process serves. */
@FunctionalInterface
public interface CallObserver {
    /** Hears nothing. */
    CallObserver NOBODY = _ -> {};

    /** A call has ended; its caller learns of it afterwards. */
    void ended(EndedCall call);
}
