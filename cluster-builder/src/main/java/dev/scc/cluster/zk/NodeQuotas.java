package dev.scc.cluster.zk;

import dev.scc.cluster.TreeEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How many entries one node has at most of a kind of which it may have several. What was permitted and does not stand there yet
 * counts too, for some seconds: requests are judged before those ahead of them have taken effect. Thread-safe.
 */
final class NodeQuotas {
    /** Longer than a request takes to take effect, or to fail. */
    private static final long PENDING_NANOS = 5_000_000_000L;

    private final LongSupplier nanos;

    /** By the node's name: the names of entries that were permitted, and when. */
    private final Map<String, Map<String, Long>> pending = new HashMap<>();

    /** @param nanos a clock of which only differences count */
    NodeQuotas(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Whether the node may make one more.
     *
     * @param name of that entry
     * @param there names of all that stand beside it, of all nodes
     */
    synchronized boolean permits(TreeEntry kind, String node, String name, Set<String> there) {
        if (there.contains(name)) {
            return true;
        }
        long now = nanos.getAsLong();
        Map<String, Long> own = pending.computeIfAbsent(node, _ -> new HashMap<>());
        own.entrySet().removeIf(each -> there.contains(each.getKey()) || now - each.getValue() > PENDING_NANOS);
        long standing = there.stream()
                .filter(each -> each.startsWith(node + TreeEntry.OF_NODE))
                .count();
        boolean permitted = own.containsKey(name) || standing + own.size() < kind.mostOfOneNode();
        if (permitted) {
            own.put(name, now);
        }
        if (own.isEmpty()) {
            pending.remove(node);
        }
        return permitted;
    }
}
