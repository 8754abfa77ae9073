package dev.scc.simulation;

/** Points at which something can be done to a process. */
interface Point {
    /** What the process is about to do, or has just done. */
    enum Kind {
        /** About to ask ZooKeeper something. */
        SEND,
        /** About to send a transaction. */
        COMMIT,
        /** Has sent a transaction, which is under way. */
        SENT,
        /** Has ZooKeeper's answer. */
        ANSWER,
        /** About to look at its machine. */
        OBSERVE,
        /** About to carry out one step on its machine. */
        STEP,
        /** Has carried out a step. */
        STEPPED,
        /** About to write to its disk. */
        WRITE,
        /** Has written to its disk. */
        WRITTEN;

        /** Whether something is changed there. */
        boolean changes() {
            return switch (this) {
                case SEND, ANSWER, OBSERVE -> false;
                case COMMIT, SENT, STEP, STEPPED, WRITE, WRITTEN -> true;
            };
        }
    }

    /** Called by a process that has come to a point, in its own coroutine. */
    void reached(SimProcess process, Kind kind, String what);
}
