package dev.scc.simulation.zk;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the ensemble and its client know of one session. */
final class Session {
    static final int NOWHERE = -1;
    private static final long NEVER = Long.MAX_VALUE;

    final long id;
    /** Number of the replica that it is connected to, or {@link #NOWHERE}. */
    int replica;
    /** The newest transaction that the client has been told of; no replica that is behind it may serve it. */
    long seen;
    /** The transaction that ended it. */
    long ended = NEVER;

    final TreeSet<String> ephemerals = new TreeSet<>();
    final List<Watch> watches = new ArrayList<>();

    record Watch(String path, Consumer<List<String>> signal) {
        boolean covers(String changed) {
            return changed.startsWith(path)
                    && (changed.length() == path.length()
                            || path.equals(Entries.ROOT)
                            || changed.charAt(path.length()) == '/');
        }
    }

    Session(long id, int replica) {
        this.id = id;
        this.replica = replica;
    }

    boolean over() {
        return ended != NEVER;
    }
}
