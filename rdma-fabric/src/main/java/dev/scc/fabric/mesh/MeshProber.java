package dev.scc.fabric.mesh;

import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.ProbeMember;

/** Carries out one node's part of a mesh. */
public interface MeshProber {

    /** Answers probes until it is closed, by then with nothing left of it. */
    interface Answering extends AutoCloseable {
        /** Whether it has ended by itself, as when the device has gone. */
        boolean ended();

        @Override
        void close();
    }

    /**
     * Begins to answer probes of the other members, on threads of its own.
     *
     * @throws CannotVerify if verbs cannot be used on this node, or nothing can listen there
     */
    Answering answer(MeshPlace place) throws CannotVerify;

    /**
     * One probe, which takes at most some seconds. A failure is a sample.
     *
     * @param at when it begins, in milliseconds since 1970
     * @throws CannotVerify if verbs cannot be used on this node
     * @throws InterruptedException if the caller gives up; nothing is left then
     */
    MeshSample probe(MeshPlace place, ProbeMember peer, long at) throws CannotVerify, InterruptedException;
}
