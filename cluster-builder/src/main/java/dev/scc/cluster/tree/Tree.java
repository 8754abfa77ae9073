package dev.scc.cluster.tree;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The shared tree. Reads may be behind other writers', never behind this session's own. What a session may not read is not
 * there for it. Paths are absolute. Safe for use by several threads.
 */
public interface Tree {

    /** What stands at the path; empty if nothing does. */
    Optional<Entry> get(String path) throws ConnectionLost, InterruptedException;

    /**
     * Those of the paths where something stands. Not a snapshot: each is read for itself. When this returns, all watches have
     * signalled whatever had happened before what it has read.
     */
    Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException;

    /** From now on reads show at least what had been written before this call, by whichever session. */
    void sync() throws ConnectionLost, InterruptedException;

    /** Names right below the path, sorted; empty if nothing stands there. */
    List<String> children(String path) throws ConnectionLost, InterruptedException;

    /**
     * All of the operations, or none.
     *
     * @throws Conflict if one does not fit; none has taken effect
     * @throws ConnectionLost if the outcome is unknown
     */
    void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException;

    /**
     * From now on {@code signal} is called after a change at the path or below it, and after every time the connection
     * came back. A signal says that something may have changed, not what; several changes may make one signal. It is called
     * on a thread that must not be held up.
     */
    default void watch(String path, Runnable signal) {
        watch(path, _ -> signal.run(), signal);
    }

    /**
     * The same, and says what has changed where that is known. A tree that never knows calls {@code anything} only.
     *
     * @param named is called with the path of each entry that was written, made or removed
     * @param anything is called where it is not known: when the watch stands, and after every time the connection came back
     */
    void watch(String path, Consumer<String> named, Runnable anything);

    /** {@code listener} is called on every change of the session's state, on a thread that must not be held up. */
    void onSession(Consumer<SessionState> listener);

    /** The id of the present session, which is the owner of the ephemeral entries that it makes. */
    long session() throws ConnectionLost, InterruptedException;
}
