package dev.scc.cluster.rpc;

import java.util.HashMap;
import java.util.Map;

/** How many connections each caller has at a process: no more than so many. Thread-safe. */
final class ConnectionCounts {
    private final int most;
    private final Map<String, Integer> open = new HashMap<>();

    /** @param most of one caller */
    ConnectionCounts(int most) {
        this.most = most;
    }

    /**
     * Whether there is room for one more, which is counted then until it is given back.
     *
     * @param who such as {@code user:ada}, or an address of one who shows nothing
     */
    synchronized boolean take(String who) {
        int has = open.getOrDefault(who, 0);
        if (has >= most) {
            return false;
        }
        open.put(who, has + 1);
        return true;
    }

    synchronized void giveBack(String who) {
        open.computeIfPresent(who, (_, has) -> has > 1 ? has - 1 : null);
    }

    /** Callers with connections. */
    synchronized int callers() {
        return open.size();
    }
}
