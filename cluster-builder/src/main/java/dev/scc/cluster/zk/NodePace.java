package dev.scc.cluster.zk;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much nodes may ask of this server: so much at once, and so much a second afterwards, on all connections of a node together.
 * What is more waits. Thread-safe.
 */
final class NodePace {
    /** Of a request besides its length: even the shortest has to be read, decided and answered. */
    static final int OF_EACH = 1 << 10;

    /** Bytes: all that a node may have in the tree, or 4,000 small requests. */
    static final long AT_ONCE = 4 << 20;

    /** Bytes: 32 of a node's largest entries, or some 480 small requests: what a hundred jobs a second write. */
    static final long PER_SECOND = 512 << 10;

    private static final long NANOS = 1_000_000_000L;

    /** Nodes after which those that may ask for everything are forgotten. */
    private static final int MANY = 4096;

    private final LongSupplier nanos;
    private final Map<String, Account> accounts = new HashMap<>();

    /** @param left bytes, at that time; below zero for one that has to wait */
    private record Account(double left, long at) {
        double leftAt(long now) {
            return Math.min(AT_ONCE, left + (double) (now - at) / NANOS * PER_SECOND);
        }
    }

    /** @param nanos a clock of which only differences count */
    NodePace(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Counts a request that was read.
     *
     * @return for how many nanoseconds nothing more is to be read of that node
     */
    synchronized long take(String node, int bytes) {
        long now = nanos.getAsLong();
        if (accounts.size() > MANY) {
            accounts.values().removeIf(account -> account.leftAt(now) >= AT_ONCE);
        }
        Account known = accounts.getOrDefault(node, new Account(AT_ONCE, now));
        Account next = new Account(known.leftAt(now) - bytes - OF_EACH, now);
        accounts.put(node, next);
        return Math.max(0, (long) (-next.left() / PER_SECOND * NANOS));
    }

    /** Nodes of which something is remembered. */
    synchronized int known() {
        return accounts.size();
    }
}
